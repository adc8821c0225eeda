import { describe, expect, test } from 'vitest';
import { release } from '../release.ts';
import { checkBlob } from './index.ts';

type Json = Readonly<Record<string, unknown>>;

const file = { filesize: 1, from: '*', hashValue: 'ab', fileUrl: 'https://x/a' };
const proven = { ...file, binTransInclusionProof: 'proof' };
const pages = { detailsUrl: 'd', licenseUrl: 'l' };
const versions = { appVersion: '1.0', displayVersion: '1.0', platformVersion: '1.0' };
const modern = { appVersion: '1.0', displayVersion: '1.0' };
const behaviour = {
  actions: 'a',
  openURL: 'o',
  notificationURL: 'n',
  alertURL: 'a',
  showPrompt: true,
  showNeverForVersion: 'false',
};
const transparency = { binTransMerkleRoot: 'r', binTransCertificate: 'c', binTransSCTList: 's' };
const names = { ftpFilenames: { complete: 'c' }, bouncerProducts: { complete: 'c' } };
const namesByFrom = { ftpFilenames: { completes: { '*': 'c' } }, bouncerProducts: { partials: { a: 'c' } } };
const unified = { fileUrls: { '*': { completes: { '*': 'u' }, partials: { a: 'u' } }, release: {} } };
const single = { complete: file, partial: { ...file, filesize: '12', from: 'old' } };
const several = { completes: [file], partials: [file, file] };

function platforms(locale: Json): Json {
  const build = { buildID: 20260101, OS_FTP: 'o', OS_BOUNCER: 'b', locales: { de: { buildID: '2026', ...locale } } };
  return { platforms: { p: build, q: { alias: 'p' } } };
}

const group = {
  for: { channels: ['a'], locales: ['de'], versions: ['<1.0'], buildIDs: ['1'] },
  fields: {
    ...{ type: 'major', detailsURL: 'd', actions: 'a', openURL: 'o', notificationURL: 'n', alertURL: 'a' },
    ...{
      showPrompt: true,
      showNeverForVersion: false,
      promptWaitTime: 1,
      disableBITS: true,
      disableBackgroundUpdates: true,
    },
  },
};
const addon = { version: '1', platforms: { p: { filesize: 1, hashValue: 'ab', fileUrl: 'u' }, q: { alias: 'p' } } };
const plugin = { version: '1', platforms: { p: { ...addon.platforms.p, mirrorUrls: ['m'] } } };

/** Everything that each schema knows. */
const whole: Readonly<Record<number, Json>> = {
  1: {
    appv: '1',
    extv: '1',
    ...pages,
    fileUrls: { a: 'u' },
    ...names,
    fakePartials: true,
    oldVersionSpecialCases: true,
    ...platforms({ appv: '1', extv: '1', ...single }),
  },
  2: {
    ...versions,
    ...pages,
    ...behaviour,
    billboardURL: 'b',
    fileUrls: { a: 'u' },
    ...names,
    fakePartials: 1,
    ...platforms({ ...versions, isOSUpdate: true, ...single }),
  },
  3: {
    ...versions,
    ...pages,
    ...behaviour,
    billboardURL: 'b',
    fileUrls: { a: 'u' },
    ...namesByFrom,
    fakePartials: false,
    ...platforms({ ...versions, isOSUpdate: true, ...several }),
  },
  4: {
    ...versions,
    ...pages,
    ...behaviour,
    billboardURL: 'b',
    ...unified,
    ...platforms({ ...versions, isOSUpdate: true, ...several }),
  },
  5: {
    ...versions,
    ...pages,
    ...behaviour,
    billboardURL: 'b',
    promptWaitTime: 1,
    ...unified,
    ...platforms({ ...versions, isOSUpdate: false, ...several }),
  },
  6: {
    ...modern,
    detailsUrl: 'd',
    ...behaviour,
    promptWaitTime: '1',
    ...unified,
    ...platforms({ ...modern, isOSUpdate: true, ...several }),
  },
  8: {
    ...modern,
    detailsUrl: 'd',
    ...behaviour,
    promptWaitTime: 1,
    ...transparency,
    ...unified,
    ...platforms({ ...modern, isOSUpdate: true, completes: [proven], partials: [proven] }),
  },
  9: {
    ...modern,
    ...transparency,
    updateLine: [group, { for: {}, fields: {} }],
    ...unified,
    ...platforms({ ...modern, completes: [proven], partials: [] }),
  },
  50: { detailsUrl: 'd', displayVersion: '1' },
  1000: { vendors: { a: plugin } },
  4000: { products: ['a'] },
  5000: { uninstall: true, addons: { a: addon } },
  10000: { version: '1', required: true, platforms: { p: { fileUrl: 'u', hashValue: 'ab' } } },
};
const hashed = (schema: number) => ![50, 4000].includes(schema);
const schemas = Object.entries(whole).map(([schema, blob]): readonly [number, Json] => [
  Number(schema),
  {
    name: 'a',
    product: 'b',
    schema_version: Number(schema),
    ...(hashed(Number(schema)) && { hashFunction: 'sha512' }),
    ...blob,
  },
]);

/** The paths of what is wrong and of what nobody reads. */
function pathsOf(value: unknown): { readonly faults: readonly string[]; readonly unknownKeys: readonly string[] } {
  const { faults, unknownKeys } = checkBlob(value);
  for (const { message } of [...faults, ...unknownKeys]) expect(message).not.toBe('');
  return {
    faults: faults.map(({ path }) => path.join('.')),
    unknownKeys: unknownKeys.map(({ path }) => path.join('.')),
  };
}

const fine = { faults: [], unknownKeys: [] };

describe.each(schemas)('schema %i', (_schema, blob) => {
  test('takes all that it knows', () => {
    expect(pathsOf(blob)).toEqual(fine);
  });

  test('knows each key that nobody reads, and takes it for no fault', () => {
    const odd = { ...blob, later: 1, constructor: 2 };
    expect(pathsOf(odd)).toEqual({ faults: [], unknownKeys: ['later', 'constructor'] });
    expect(release.schema.parse({ product: 'b', blob: odd }).blob).toEqual(odd);
  });

  test('finds a fault in each key of another type, beside the keys that nobody reads', () => {
    for (const key of Object.keys(blob).filter((one) => one !== 'schema_version')) {
      const value = blob[key];
      const wrong = typeof value === 'object' ? 12 : { nested: 1 };
      const { faults, unknownKeys } = pathsOf({ ...blob, [key]: wrong, later: 1 });
      expect(faults, key).toContain(key);
      expect(unknownKeys, key).toEqual(['later']);
      expect(pathsOf({ ...blob, [key]: null }).faults, key).toContain(key);
    }
  });

  test('does not do without its name', () => {
    const { name: _, ...nameless } = blob;
    expect(pathsOf(nameless).faults).toEqual(['name']);
    expect(pathsOf({ ...blob, name: '' }).faults).toEqual(['name']);
  });
});

describe('what an application release may leave out', () => {
  test.each([1, 2, 3, 4, 5, 6, 8, 9])('of schema %i is everything but its name', (schema_version) => {
    expect(pathsOf({ name: 'a', schema_version })).toEqual(fine);
    expect(pathsOf({ name: 'a', schema_version, platforms: { p: {}, q: { locales: { de: {} } } } })).toEqual(fine);
  });
});

describe('places', () => {
  const blobOf = (schema: number, more: Json): Json => ({
    name: 'a',
    schema_version: schema,
    hashFunction: 'sha512',
    ...more,
  });

  test.each<[string, Json, string[], string[]]>([
    [
      'a patch',
      blobOf(4, platforms({ completes: [file, { ...file, filesize: -1, size: 1 }] })),
      ['platforms.p.locales.de.completes.1.filesize'],
      ['platforms.p.locales.de.completes.1.size'],
    ],
    [
      'a patch without a hash',
      blobOf(2, platforms({ complete: { ...file, hashValue: '' } })),
      ['platforms.p.locales.de.complete.hashValue'],
      [],
    ],
    [
      'a proof before its time',
      blobOf(6, platforms({ partials: [proven] })),
      [],
      ['platforms.p.locales.de.partials.0.binTransInclusionProof'],
    ],
    [
      'lists before their time',
      blobOf(2, platforms(several)),
      [],
      ['platforms.p.locales.de.completes', 'platforms.p.locales.de.partials'],
    ],
    [
      'single patches after theirs',
      blobOf(3, platforms(single)),
      [],
      ['platforms.p.locales.de.complete', 'platforms.p.locales.de.partial'],
    ],
    [
      'a platform',
      blobOf(4, { platforms: { p: { alias: 1, buildId: '1' } } }),
      ['platforms.p.alias'],
      ['platforms.p.buildId'],
    ],
    [
      'a locale',
      blobOf(9, platforms({ isOSUpdate: true, appVersion: '<1' })),
      ['platforms.p.locales.de.appVersion'],
      ['platforms.p.locales.de.isOSUpdate'],
    ],
    [
      'a build id',
      blobOf(4, { platforms: { p: { buildID: '2026-01' }, q: { buildID: 1.5 }, r: { buildID: '' } } }),
      ['platforms.p.buildID', 'platforms.q.buildID'],
      [],
    ],
    [
      'file URLs',
      blobOf(4, { fileUrls: { release: 'u', beta: { complete: {} }, '*': { completes: { a: 1 } } } }),
      ['fileUrls.release', 'fileUrls.*.completes.a'],
      ['fileUrls.beta.complete'],
    ],
    [
      'an update line',
      blobOf(9, {
        updateLine: [group, { for: { channel: [] }, fields: { type: 'huge', disableBITS: false, x: 1 } }, {}],
      }),
      ['updateLine.1.fields.type', 'updateLine.1.fields.disableBITS', 'updateLine.2.for', 'updateLine.2.fields'],
      ['updateLine.1.for.channel', 'updateLine.1.fields.x'],
    ],
    ['an update line that is a mapping', blobOf(9, { updateLine: { for: {} } }), ['updateLine'], []],
    [
      'a version that would need escaping',
      blobOf(4, { appVersion: '1"', displayVersion: 'a&b' }),
      ['appVersion', 'displayVersion'],
      [],
    ],
    ['a hash function', blobOf(4, { hashFunction: 'md5' }), ['hashFunction'], []],
    [
      'a plugin',
      blobOf(1000, { vendors: { a: { version: 1, platforms: { p: { mirrorUrls: 'm', size: 1 } } } } }),
      ['vendors.a.version', 'vendors.a.platforms.p.mirrorUrls'],
      ['vendors.a.platforms.p.size'],
    ],
    [
      'a system add-on with mirrors',
      { ...blobOf(5000, { addons: { a: plugin } }) },
      [],
      ['addons.a.platforms.p.mirrorUrls'],
    ],
    [
      'an installer',
      blobOf(10_000, { version: '1', required: true, platforms: { p: { url: 'u' } } }),
      ['platforms.p.fileUrl'],
      ['platforms.p.url'],
    ],
  ])('in %s', (_, blob, faults, unknownKeys) => {
    const found = pathsOf(blob);
    expect([...found.faults].sort()).toEqual([...faults].sort());
    expect([...found.unknownKeys].sort()).toEqual([...unknownKeys].sort());
  });
});

describe('special cases', () => {
  test('some builds write an empty object where the list of an update line belongs', () => {
    const blob = { name: 'a', schema_version: 9, updateLine: {} };
    expect(checkBlob(blob)).toEqual(fine);
    expect(release.schema.parse({ product: 'b', blob })).toEqual({ product: 'b', blob });
  });

  test('a superblob has either products or blobs, whatever else it has', () => {
    const message = 'either products or blobs';
    for (const more of [{}, { products: [], blobs: [] }, { later: 1 }, { products: ['a'], blobs: ['b'], later: 1 }]) {
      expect(checkBlob({ name: 'a', schema_version: 4000, ...more }).faults).toEqual([{ path: [], message }]);
    }
    expect(checkBlob({ name: 'a', schema_version: 4000, blobs: [] })).toEqual(fine);
  });

  test.each([undefined, null, 'text', 1, [], [{ schema_version: 4 }]])('%j is no blob', (value) => {
    expect(checkBlob(value)).toEqual({
      faults: [{ path: [], message: 'a release blob is a JSON object' }],
      unknownKeys: [],
    });
  });

  test.each([undefined, null, 0, 7, '4', 4.5, 'constructor'])('there is no schema %j', (schema_version) => {
    const message = 'schema_version is one of 1, 2, 3, 4, 5, 6, 8, 9, 50, 1000, 4000, 5000, 10000';
    expect(checkBlob({ name: 'a', schema_version })).toEqual({
      faults: [{ path: ['schema_version'], message }],
      unknownKeys: [],
    });
    expect(checkBlob(Object.create({ schema_version: 4 })).faults).toHaveLength(1);
  });

  test.each([
    ['{"name":"a","schema_version":4,"platforms":{"__proto__":5}}', 'platforms.__proto__'],
    [
      '{"name":"a","schema_version":4,"platforms":{"p":{"locales":{"__proto__":null}}}}',
      'platforms.p.locales.__proto__',
    ],
    [
      '{"name":"a","schema_version":1000,"hashFunction":"sha512","vendors":{"__proto__":{"version":1}}}',
      'vendors.__proto__',
    ],
    [
      '{"name":"a","schema_version":9,"updateLine":[{"for":{},"fields":{"__proto__":1}}]}',
      'updateLine.0.fields.__proto__',
    ],
    ['{"name":"a","schema_version":4,"__proto__":{}}', '__proto__'],
  ])('a key that no check looks into is a fault: %s', (json, path) => {
    expect(pathsOf(JSON.parse(json)).faults).toContain(path);
  });

  test('what nobody reads may lie deep, but not without end', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(pathsOf({ name: 'a', schema_version: 4, later: nested(50) })).toEqual({
      faults: [],
      unknownKeys: ['later'],
    });
    const { faults } = checkBlob({ name: 'a', schema_version: 4, later: nested(100_000) });
    expect(faults).toMatchObject([{ message: 'lies more than 50 levels deep' }]);
  });
});
