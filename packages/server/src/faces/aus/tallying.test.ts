import { type Blob, compile, emptyConfiguration, type Rule, type Snapshot } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { BinCount } from '../../count.ts';
import { Tally } from '../../counting/tally.ts';
import type { App, OpenFace } from '../../face.ts';
import { aus } from './index.ts';

const rule: Omit<Rule, 'id' | 'share'> = { priority: 100, updateType: 'minor', salt: '0123456789abcdef' };
const percent = (value: number) => ({ kind: 'percent', percent: value }) as const;
const app9 = (version: string): Blob => ({
  name: `MyApp-${version}`,
  schema_version: 9,
  appVersion: version,
  platforms: { Linux: { buildID: version, locales: { de: {} } } },
});
const rules: readonly Rule[] = [
  {
    ...rule,
    id: 1,
    product: 'MyApp',
    channel: 'release',
    release: 'MyApp-3.0',
    fallback: 'MyApp-2.0',
    share: percent(50),
  },
  { ...rule, id: 2, product: 'All', channel: 'release', release: 'All', share: percent(100) },
  { ...rule, id: 3, product: 'Addons', channel: 'release', release: 'Addons', share: percent(100) },
  { ...rule, id: 4, product: 'Vpn', channel: 'release', release: 'Vpn', share: percent(100) },
  { ...rule, id: 5, product: 'Empty', channel: 'release', release: 'Empty', share: percent(100) },
];
const vpn = { fileUrl: 'https://example.org/vpn', hashValue: 'a1' };
const blobs: readonly Blob[] = [
  app9('2.0'),
  app9('3.0'),
  { name: 'All', schema_version: 4000, products: ['MyApp'] },
  { name: 'Empty', schema_version: 4000, products: ['Nobody'] },
  { name: 'Addons', schema_version: 5000, hashFunction: 'sha512' },
  {
    name: 'Vpn',
    schema_version: 10_000,
    version: '2.0',
    required: false,
    hashFunction: 'sha512',
    platforms: { Linux: vpn },
  },
];

/** A face in which every second ticket is lost. */
function openTallying({ readyLines = 10_000, populations = [] as readonly string[] } = {}) {
  const tally = new Tally();
  const releases = blobs.map((blob) => ({ name: blob.name, product: blob.name.replace(/-.*/, ''), blob }));
  const snapshot: Snapshot = compile({
    ...emptyConfiguration,
    rules: rules.map((value) => ({ version: 1, value })),
    populations: populations.map((product) => ({ version: 1, value: { product } })),
  });
  let draws = 0;
  const app: App = {
    snapshot: () => snapshot,
    readRelease: (name) => releases.find((release) => release.name === name),
    nowMs: () => 0,
    draw: () => (draws++ % 2 === 0 ? 1 : 16_000_000),
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
    tally,
  };
  const face = aus.open(app, aus.settings.parse({ readyLines }));
  const ask = (
    product: string,
    { times = 1, version = '1.0', channel = 'release', query = '', locale = 'de' } = {},
  ) => {
    const url = `/update/3/${product}/${version}/20250101000000/Linux/${locale}/${channel}/x/y/z/update.xml${query}`;
    return Array.from({ length: times }, () => answer(face, url)).at(-1);
  };
  return { face, ask, taken: () => tally.take(0).map(shortened) };
}

function answer(face: OpenFace, url: string) {
  const reply = face.answer({ method: 'GET', url, userAgent: undefined });
  const at = reply?.headers.indexOf('Cache-Control') ?? -1;
  return { status: reply?.status, cacheControl: reply?.headers[at + 1] };
}

function shortened({ event, product, channel, version, release, rule: id, count }: BinCount): string {
  return `${count} ${event} ${product} ${channel} ${version}${release === '' ? '' : ` ${release} by ${id}`}`;
}

describe('a check is counted', () => {
  test.each([[10_000], [0]])('with what was offered and by which rule, with %i ready lines', (readyLines) => {
    const { ask, taken } = openTallying({ readyLines });
    ask('MyApp', { times: 6 });
    ask('MyApp', { times: 2, version: '2.5' });
    expect(taken()).toEqual([
      '3 check MyApp release 1.0 MyApp-3.0 by 1',
      '3 check MyApp release 1.0 MyApp-2.0 by 1',
      '1 check MyApp release 2.5 MyApp-3.0 by 1',
      // The fallback is older than what the client has.
      '1 check MyApp release 2.5',
    ]);
    expect(taken()).toEqual([]);
  });

  test('by itself where somebody asked by hand', () => {
    const { ask, taken } = openTallying();
    ask('MyApp', { query: '?force=1', times: 2 });
    ask('MyApp', { query: '?force=-1' });
    expect(taken()).toEqual([
      '2 forced-check MyApp release 1.0 MyApp-3.0 by 1',
      '1 forced-check MyApp release 1.0 MyApp-2.0 by 1',
    ]);
  });

  test('for the channel that is followed, and as other where nobody named it', () => {
    const { ask, taken } = openTallying();
    ask('MyApp', { channel: 'release-cck-acme', times: 2 });
    ask('MyApp', { channel: 'made-up' });
    expect(taken().map((text) => text.split(' ').slice(0, 4).join(' '))).toEqual([
      '1 check MyApp release',
      '1 check MyApp release',
      '1 check MyApp other',
    ]);
  });

  test('without a release where there is nothing to offer', () => {
    const { ask, taken } = openTallying();
    ask('MyApp', { version: '9.0', times: 2 });
    ask('MyApp', { locale: 'xx' });
    ask('Addons', { times: 2 });
    ask('Empty');
    // It is served as JSON only.
    expect(ask('Vpn')?.status).toBe(400);
    expect(taken().filter((text) => text.includes(' by '))).toEqual([]);
  });

  test('once for a superblob, under its own name', () => {
    const { ask, taken } = openTallying();
    ask('All', { times: 4 });
    expect(taken()).toEqual(['4 check All release 1.0 All by 2']);
  });

  test('with a version that is neither long nor odd', () => {
    const { ask, taken } = openTallying();
    ask('MyApp', { version: `${'9'.repeat(100)}` });
    ask('MyApp', { version: 'a%00b%0Ac%C3%A9' });
    expect(taken().map((text) => text.split(' ')[4])).toEqual(['9'.repeat(75), 'a?b?c?']);
  });
});

describe('nothing is counted', () => {
  test('of a product that nobody configured, nor of what is no check', () => {
    const { face, ask, taken } = openTallying();
    ask('Made-up', { times: 2 });
    ask('other');
    for (const url of ['/update/3/MyApp/update.xml', '/update', '/elsewhere']) answer(face, url);
    expect(taken()).toEqual([]);
  });

  test('of an explanation or a preview', () => {
    const { face, taken } = openTallying();
    const url = '/update/3/MyApp/1.0/20250101000000/Linux/de/release/x/y/z/update.xml';
    const asked = { method: 'GET', url, userAgent: undefined };
    expect(face.explain(asked)?.decision?.kind).toBe('serve');
    expect(face.preview?.question(asked)).toMatchObject({ product: 'MyApp' });
    expect(taken()).toEqual([]);
  });
});

test('an answer about a product with a population is for no cache, whatever it is; others stay as they are', () => {
  const { ask } = openTallying({ populations: ['MyApp', 'Vpn'] });
  const wishes = [{}, { query: '?force=1' }, { version: '9.0' }, { locale: 'xx' }, { channel: 'made-up' }];
  for (const wish of wishes) {
    for (let time = 0; time < 3; time += 1) expect(ask('MyApp', wish)?.cacheControl).toBe('no-store');
  }
  expect(ask('Vpn')).toEqual({ status: 400, cacheControl: 'no-store' });
  expect(ask('Addons')?.cacheControl).toBe('public, max-age=90');
  expect(openTallying().ask('MyApp', { query: '?force=1' })?.cacheControl).toBe('public, max-age=90');
});
