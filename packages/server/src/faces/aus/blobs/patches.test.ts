import type { AppBlob, AppLocale, AppPlatform, FileHost, Patch, Release } from 'sluice';
import { describe, expect, test } from 'vitest';
import { type Surroundings, xmlOf } from '../answer.fixture.ts';

const platform = 'Linux_x86_64-gcc3';

function patch(fileUrl: string, from = '*'): Patch {
  return { filesize: 1, from, hashValue: 'ab', fileUrl: `https://download.example.org/${fileUrl}` };
}

function release(
  locale: AppLocale,
  {
    schema_version = 4,
    platforms = {},
  }: {
    readonly schema_version?: AppBlob['schema_version'];
    readonly platforms?: Readonly<Record<string, AppPlatform>>;
  } = {},
): AppBlob {
  return {
    name: 'MyApp-2.0',
    schema_version,
    hashFunction: 'sha512',
    appVersion: '2.0',
    ...(schema_version === 1 && { extv: '2.0' }),
    platforms: { [platform]: { buildID: '20261116091500', locales: { de: locale } }, ...platforms },
  };
}

/** What the patches of an answer are and where they come from. */
function patchesOf(blob: AppBlob, around: Surroundings = {}): readonly string[] {
  return [...(xmlOf(blob, around) ?? '').matchAll(/<patch type="(\w+)" URL="([^"]*)"/g)].map(
    ([, type, url = '']) => `${type} ${url.replace('https://download.example.org/', '')}`,
  );
}

/** An older release with a build for each platform. */
function older(name: string, builds: Readonly<Record<string, string>>, more: Partial<AppBlob> = {}): Release {
  const platforms = Object.fromEntries(
    Object.entries(builds).map(([one, buildID]) => [one, { buildID, locales: { de: {} } }]),
  );
  return { name, product: 'MyApp', blob: { name, schema_version: 4, platforms, ...more } };
}

const theirs = '20200101000000';

describe('which patches an answer has', () => {
  test('schemas 1 and 2 know one of each kind, the others lists', () => {
    const both = {
      complete: patch('one'),
      partial: patch('two', 'old'),
      completes: [patch('three')],
      partials: [patch('four', 'old')],
    };
    const others = [older('old', { [platform]: theirs })];
    for (const schema_version of [1, 2] as const) {
      expect(patchesOf(release(both, { schema_version }), { others })).toEqual(['complete one', 'partial two']);
    }
    for (const schema_version of [3, 4, 5, 6, 8, 9] as const) {
      expect(patchesOf(release(both, { schema_version }), { others })).toEqual(['complete three', 'partial four']);
    }
  });

  test('the first of each kind that fits is taken, and no more', () => {
    const blob = release({
      partials: [patch('p1', 'newer'), patch('p2', 'old'), patch('p3', 'old'), patch('p4')],
      completes: [patch('c1', 'missing'), patch('c2'), patch('c3')],
    });
    const others = [older('old', { [platform]: theirs }), older('newer', { [platform]: '20210101000000' })];
    expect(patchesOf(blob, { others })).toEqual(['complete c2', 'partial p2']);
  });

  test('an answer may have a partial alone, or none at all', () => {
    const others = [older('old', { [platform]: theirs })];
    expect(patchesOf(release({ partials: [patch('p', 'old')] }), { others })).toEqual(['partial p']);
    expect(patchesOf(release({}))).toEqual([]);
    expect(xmlOf(release({}))).toContain('<update type="minor"');
  });

  test('a release that does not name its hash function has no patches', () => {
    const { hashFunction: _, ...blob } = release({ completes: [patch('c')] });
    expect(patchesOf(blob)).toEqual([]);
  });

  test('a proof stands on the patches of schemas 8 and 9 only', () => {
    const proven = { completes: [{ ...patch('c'), binTransInclusionProof: '"proof"' }] };
    for (const schema_version of [8, 9] as const) {
      expect(xmlOf(release(proven, { schema_version }))).toContain(
        ' size="1" binTransInclusionProof="&quot;proof&quot;"/>',
      );
    }
    for (const schema_version of [3, 4, 5, 6] as const) {
      expect(xmlOf(release(proven, { schema_version }))).not.toContain('Proof');
    }
  });
});

describe('a patch from a release', () => {
  const blob = release({ partials: [patch('p', 'old')] });

  test.each<[string, Release[], string[]]>([
    ['whose build the client runs', [older('old', { [platform]: theirs })], ['partial p']],
    ['with another build', [older('old', { [platform]: '20200101000001' })], []],
    ['that does not know the platform', [older('old', { WINNT: theirs })], []],
    ['that is not there', [], []],
    [
      'that is no application release',
      [{ name: 'old', product: 'MyApp', blob: { name: 'old', schema_version: 4000, products: [] } }],
      [],
    ],
    [
      'whose locale has a build of its own',
      [older('old', {}, { platforms: { [platform]: { buildID: '1', locales: { de: { buildID: Number(theirs) } } } } })],
      ['partial p'],
    ],
    [
      'that knows the platform by an alias',
      [
        older(
          'old',
          {},
          { platforms: { [platform]: { alias: 'Linux' }, Linux: { buildID: theirs, locales: { de: {} } } } },
        ),
      ],
      ['partial p'],
    ],
    [
      'that does not know the locale',
      [older('old', {}, { platforms: { [platform]: { buildID: theirs, locales: { fr: {} } } } })],
      [],
    ],
  ])('%s', (_, others, expected) => {
    expect(patchesOf(blob, { others })).toEqual(expected);
  });

  test('fits too when that release knows only another platform of the same build', () => {
    const partial = { partials: [patch('p', 'old')] };
    const mac = 'Darwin_x86_64-gcc3-u-i386-x86_64';
    const platforms = {
      [mac]: { buildID: '2', locales: { de: partial } },
      'Darwin_aarch64-gcc3': { alias: mac },
      'Darwin_x86_64-gcc3': { alias: mac },
      [platform]: { buildID: '2', locales: { de: partial } },
    };
    const shared = release(partial, { platforms });
    for (const known of [mac, 'Darwin_aarch64-gcc3', 'Darwin_x86_64-gcc3']) {
      for (const asking of [mac, 'Darwin_aarch64-gcc3', 'Darwin_x86_64-gcc3']) {
        const around = { request: { platform: asking }, others: [older('old', { [known]: theirs })] };
        expect(patchesOf(shared, around), `${known} ${asking}`).toEqual(['partial p']);
      }
    }
    const elsewhere = { request: { platform: mac }, others: [older('old', { [platform]: theirs })] };
    expect(patchesOf(shared, elsewhere)).toEqual([]);
  });
});

describe('the host of a patch', () => {
  const foreign = { ...patch('c'), fileUrl: 'https://elsewhere.example.com/c' };

  test.each<[string, string, string[]]>([
    ['that is foreign leaves it out and lets the next one stand', 'https://elsewhere.example.com/c', ['complete next']],
    ['that is named behind another', 'https://download.example.org@elsewhere.example.com/c', ['complete next']],
    ['on another port', 'https://download.example.org:8443/c', ['complete next']],
    ['without a scheme', '//download.example.org/c', ['complete next']],
    ['in no URL at all', 'download.example.org/c', ['complete next']],
    ['that is known, over another scheme', 'ftp://download.example.org/c', ['complete ftp://download.example.org/c']],
  ])('%s', (_, fileUrl, expected) => {
    expect(patchesOf(release({ completes: [{ ...foreign, fileUrl }, patch('next')] }))).toEqual(expected);
  });

  test('must be allowed for the product that asks', () => {
    const hosts: FileHost[] = [{ host: 'download.example.org', products: ['OtherApp'] }];
    expect(patchesOf(release({ completes: [patch('c')] }), { hosts })).toEqual([]);
    expect(patchesOf(release({ completes: [patch('c')] }), { hosts: [{ host: 'download.example.org' }] })).toEqual([]);
    expect(patchesOf(release({ completes: [patch('c')] }), { hosts: [] })).toEqual([]);
  });

  test('may allow a product below some paths, of which the first that fits decides', () => {
    const hosts: FileHost[] = [
      {
        host: 'download.example.org',
        products: [],
        paths: [
          { pattern: '/secret/.*', products: ['OtherApp'] },
          { pattern: '(', products: ['MyApp'] },
          { pattern: '/\\w+/\\d+|/other', products: ['MyApp'] },
        ],
      },
    ];
    const allowed = (path: string): boolean => patchesOf(release({ completes: [patch(path)] }), { hosts }).length === 1;
    expect(['pub/1', 'pub/1?a=/x', 'other', 'pub/1#x'].filter((path) => !allowed(path))).toEqual([]);
    expect(['secret/1', 'pub/x', 'pub/1/more', 'x/pub/1', 'other/more', 'xother', ''].filter(allowed)).toEqual([]);
  });
});
