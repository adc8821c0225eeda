import { type AppBlob, compile, emptyConfiguration, type Rule, type Snapshot } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { App, OpenFace } from '../../face.ts';
import { countOf } from '../../metrics/count-of.fixture.ts';
import { Meter } from '../../metrics/meter.ts';
import { aus } from './index.ts';

const blob = (version: string): AppBlob => ({
  name: `MyApp-${version}`,
  schema_version: 9,
  appVersion: version,
  platforms: { Linux: { buildID: version, locales: { de: {} } } },
});
const rule: Rule = {
  id: 1,
  priority: 100,
  product: 'MyApp',
  channel: 'release',
  release: 'MyApp-3.0',
  fallback: 'MyApp-2.0',
  share: { kind: 'percent', percent: 50 },
  updateType: 'minor',
  salt: '0123456789abcdef',
};

function snapshotAt(revision: number): Snapshot {
  return compile({ ...emptyConfiguration, revision, rules: [{ version: 1, value: rule }] });
}

interface Counting {
  readonly face: OpenFace;
  readonly meter: Meter;
  change(): void;
}

function open(settings: unknown = {}): Counting {
  const meter = new Meter();
  let snapshot = snapshotAt(1);
  // Every second ticket is lost.
  let draws = 0;
  const app: App = {
    snapshot: () => snapshot,
    readRelease: (name) => ({ name, product: 'MyApp', blob: blob(name.slice(-3)) }),
    nowMs: () => 0,
    draw: () => (draws++ % 2 === 0 ? 1 : 16_000_000),
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
    meter,
  };
  return {
    face: aus.open(app, aus.settings.parse(settings)),
    meter,
    change: () => {
      snapshot = snapshotAt(snapshot.revision + 1);
    },
  };
}

function ask({ face }: Counting, times: number, product = 'MyApp', channel = 'release'): void {
  const url = `/update/3/${product}/1.0/20250101000000/Linux/de/${channel}/x/y/z/update.xml`;
  for (let time = 0; time < times; time += 1) face.answer({ method: 'GET', url, userAgent: undefined });
}

describe('a decision is counted once', () => {
  test.each([[10_000], [0]])('whether its answer was ready or not, with %i ready lines', (readyLines) => {
    const counting = open({ readyLines });
    ask(counting, 6);
    counting.change();
    ask(counting, 4, 'MyApp', 'release-cck-acme');
    ask(counting, 3, 'Made up', 'whatever');
    const reading = counting.meter.read();
    expect(countOf(reading, 'decisions', 'MyApp', 'release', 'main', '')).toBe(5);
    expect(countOf(reading, 'decisions', 'MyApp', 'release', 'fallback', '')).toBe(5);
    expect(countOf(reading, 'decisions', 'other', 'other', 'held', 'no-rule')).toBe(3);
    expect(reading.filter(({ name }) => name === 'decisions')).toHaveLength(3);
    const misses = readyLines === 0 ? 13 : 5;
    expect(countOf(reading, 'readyAnswers', 'miss')).toBe(misses);
    expect(countOf(reading, 'readyAnswers', 'hit')).toBe(13 - misses);
  });

  test('and what came to none is not', () => {
    const counting = open();
    counting.face.answer({ method: 'GET', url: '/update/3/MyApp/update.xml', userAgent: undefined });
    counting.face.answer({ method: 'GET', url: '/elsewhere', userAgent: undefined });
    expect(counting.meter.read().filter(({ name }) => name === 'decisions')).toEqual([]);
    expect(countOf(counting.meter.read(), 'readyAnswers', 'miss')).toBe(0);
  });
});

test('an explanation is not counted', () => {
  const counting = open();
  const url = '/update/3/MyApp/1.0/20250101000000/Linux/de/release/x/y/z/update.xml';
  expect(counting.face.explain({ method: 'GET', url, userAgent: undefined })?.decision?.kind).toBe('serve');
  expect(counting.meter.read().filter(({ name }) => name === 'decisions')).toEqual([]);
});
