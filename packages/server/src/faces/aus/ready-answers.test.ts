import fc from 'fast-check';
import { compile, emptyConfiguration, lastTicket, type Share, type Snapshot } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { App, Asked } from '../../face.ts';
import { aus } from './index.ts';
import { ReadyAnswers, type ReadyLine } from './ready-answers.ts';

const minuteMs = 60_000;

/** MyApp goes up to 2.0 in ten minutes, others keep 1.5; throttled to half; a superblob stands for MyApp and itself. */
function snapshotAt(revision: number, share: Share, throttlePercent: number): Snapshot {
  const release = (name: string, appVersion: string) => ({
    name,
    product: 'MyApp',
    blob: {
      schema_version: 9 as const,
      name,
      appVersion,
      hashFunction: 'sha512',
      platforms: { Linux: { buildID: '20260101000000', locales: { de: {} } }, Darwin_x86: { alias: 'Linux' } },
    },
  });
  const superblob = {
    name: 'All',
    product: 'All',
    blob: { schema_version: 4000 as const, name: 'All', products: ['MyApp'] },
  };
  const rule = { updateType: 'minor' as const, priority: 100, salt: 'a1b2c3d4e5f6g7h8' };
  const all = { kind: 'percent', percent: 100 } as const;
  return compile({
    ...emptyConfiguration,
    revision,
    rules: [
      { version: revision, value: { ...rule, id: 1, product: 'MyApp', release: 'R2', fallback: 'R1', share } },
      { version: 1, value: { ...rule, id: 2, product: 'All', release: 'All', share: all } },
      {
        version: 1,
        value: { ...rule, id: 3, product: 'MyApp', priority: 200, architecture: 'PPC', release: 'R1', share: all },
      },
    ],
    releases: [release('R1', '1.5'), release('R2', '2.0'), superblob].map((value) => ({ version: 1, value })),
    throttles: [
      { version: 1, value: { product: 'MyApp', version: '1.0', percent: throttlePercent, salt: 'z1b2c3d4e5f6g7h8' } },
    ],
  });
}

const ramp: Share = {
  kind: 'ramp',
  points: [
    { atMs: 0, percent: 0, by: 'step' },
    { atMs: 10 * minuteMs, percent: 100, by: 'line' },
  ],
};

const url = fc
  .record({
    product: fc.constantFrom('MyApp', 'MyApp', 'All', 'Nobody'),
    version: fc.constantFrom('1.0', '0.9', '2.0', 'unreadable'),
    platform: fc.constantFrom('Linux', 'Darwin_x86', 'Solaris'),
    locale: fc.constantFrom('de', 'fr'),
    query: fc.constantFrom('', '?force=1', '?force=-1', '?pin=1.', '?pin=1'),
  })
  .map(
    ({ product, version, platform, locale, query }) =>
      `/update/3/${product}/${version}/20250101000000/${platform}/${locale}/release/x/y/z/update.xml${query}`,
  );
const step = fc.record({
  url,
  userAgent: fc.constantFrom(undefined, 'Mozilla (Macintosh; PPC)'),
  afterMs: fc.nat(3 * minuteMs),
  tickets: fc.array(fc.integer({ min: 1, max: lastTicket }), { minLength: 3, maxLength: 3 }),
  change: fc.boolean(),
});

describe('an answer that was kept ready', () => {
  test('is the one that would be made anew, at every moment of a ramp, for every draw, after every change', () => {
    let lasting = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 60 }), (steps) => {
        let snapshot = snapshotAt(1, ramp, 50);
        let nowMs = -minuteMs;
        let tickets: number[] = [];
        const app: App = {
          snapshot: () => snapshot,
          nowMs: () => nowMs,
          draw: () => tickets.shift() ?? 1,
          readRelease: (name) => snapshot.releases.get(name),
          checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
          version: { source: '', version: '', commit: '', build: '' },
        };
        const face = aus.open(app, aus.settings.parse({ readyLines: 8 }));
        for (const { change, afterMs, tickets: drawn, ...asked } of steps) {
          nowMs += afterMs / 10;
          if (change && afterMs % 7 === 0)
            snapshot = snapshotAt(snapshot.revision + 1, ramp, snapshot.revision % 2 === 0 ? 100 : 0);
          const line: Asked = { method: 'GET', ...asked };
          tickets = [...drawn];
          const kept = face.answer(line);
          const drawnByKept = tickets.length;
          tickets = [...drawn];
          const made = face.explain(line)?.reply;
          if (kept?.lasting === true) lasting += 1;
          expect({ ...kept, lasting: undefined }).toEqual({ ...made, lasting: undefined });
          expect(tickets).toHaveLength(drawnByKept);
        }
      }),
      { numRuns: 60 },
    );
    expect(lasting).toBeGreaterThan(500);
  });
});

describe('the lines that are known', () => {
  const snapshot = compile(emptyConfiguration);
  const line = { kept: [] } as unknown as ReadyLine;

  test('are never more than the capacity, and what is asked often stays among them', () => {
    const ready = new ReadyAnswers(100);
    ready.find('first', snapshot);
    ready.keep('often', line);
    for (let at = 0; at < 1000; at += 1) {
      ready.keep(`line ${at}`, line);
      expect(ready.find('often', snapshot)).toBe(line);
      expect(ready.size).toBeLessThanOrEqual(100);
    }
    expect(ready.find('line 0', snapshot)).toBeUndefined();
  });

  test('are forgotten with the snapshot', () => {
    const ready = new ReadyAnswers(10);
    ready.find('a', snapshot);
    ready.keep('a', line);
    expect(ready.find('a', compile(emptyConfiguration))).toBeUndefined();
    expect(ready.size).toBe(0);
  });

  test('are none where none may be kept', () => {
    const ready = new ReadyAnswers(0);
    ready.keep('a', line);
    expect(ready.find('a', snapshot)).toBeUndefined();
  });
});

test('long lines and long answers leave room for fewer: 4 kB each on average, whatever is asked', () => {
  const snapshot = snapshotAt(1, ramp, 50);
  const bytesWith = (lines: readonly { readonly key: string; readonly body: string }[]): number => {
    const ready = new ReadyAnswers(1000);
    const kept = new Map<string, number>();
    for (const { key, body } of lines) {
      const line = { kept: [] } as unknown as ReadyLine;
      ready.find(key, snapshot);
      ready.keep(key, line);
      ready.keepReply(line, 0, { reply: { status: 200, headers: [], body }, slot: 0, tallied: undefined });
      kept.set(key, 2 * key.length + 3 * body.length);
    }
    return [...kept].reduce((sum, [key, bytes]) => sum + (ready.find(key, snapshot) === undefined ? 0 : bytes), 0);
  };
  const many = (keyLength: number, bodyLength: number) =>
    Array.from({ length: 3000 }, (_, index) => ({
      key: `${index} `.padEnd(keyLength, 'x'),
      body: 'y'.repeat(bodyLength),
    }));
  for (const lines of [many(100, 300), many(8000, 0), many(100, 50_000)]) {
    const bytes = bytesWith(lines);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(1000 * 4096 + 200_000);
  }
});
