import fc from 'fast-check';
import type { Blob, Request } from 'sluice';
import { aRequest } from './answer.fixture.ts';

/** A host that everybody may fetch files from, and the one that nobody may. */
export const allowedHost = 'files.example.org';
const foreignHost = 'elsewhere.example.com';

const platformName = fc.constantFrom('linux', 'mac', 'win', 'default', 'constructor');
const localeName = fc.constantFrom('de', 'en-US', 'constructor', '"<&');
const channelName = fc.constantFrom('release', 'beta', '*', 'release-cck-acme', 'constructor');
const releaseName = fc.constantFrom('*', 'a', 'b', 'c', 'main', 'constructor');
const wild = fc.string({ unit: 'binary', maxLength: 10 });
const version = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('2.0', '3.6.3plugin1', '60.0a1') },
  fc.oneof(fc.constantFrom('1.0', '', '59', 'x'), wild),
);
const plain = version.map((text) => text.replace(/["<>&]/g, ''));
const digits = fc.oneof(fc.nat(), fc.constantFrom('', '0', '20260101000000'));
const hashFunction = fc.constantFrom('sha256', 'SHA384', 'sha512');
const flag = fc.oneof(fc.boolean(), wild);

const path = fc.oneof(
  fc.constantFrom('%LOCALE%', '%os_ftp%', '%FILENAME%', '%PRODUCT%', 'a&b', '"<>', '\n', '?x'),
  wild,
);
const url = fc.oneof(
  fc
    .tuple(fc.constantFrom(allowedHost, allowedHost, foreignHost), path)
    .map(([host, rest]) => `https://${host}/${rest}`),
  path,
);

/** Any of the fields may be there or not. */
function some<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

function table<T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
}

function both<A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>): fc.Arbitrary<A & B> {
  return fc.tuple(a, b).map(([one, other]) => ({ ...one, ...other }));
}

const patch = both(
  fc.record({ filesize: digits, from: releaseName, hashValue: plain.filter((text) => text !== '') }),
  some({ fileUrl: url }),
);
const provenPatch = both(patch, some({ binTransInclusionProof: wild }));
const texts = table(fc.oneof(channelName, fc.constantFrom('complete', 'partial')), url);
const names = table(fc.constantFrom('complete', 'partial', 'completes', 'partials'), texts);
const patchList = (one: fc.Arbitrary<object>) => fc.array(one, { maxLength: 3 });

const first = { appv: plain, extv: plain };
const later = { appVersion: plain, displayVersion: plain, platformVersion: plain };
const modern = { appVersion: plain, displayVersion: plain };
const pages = { detailsUrl: url, licenseUrl: url };
const behaviour = {
  actions: wild,
  openURL: url,
  notificationURL: url,
  alertURL: url,
  showPrompt: flag,
  showNeverForVersion: flag,
};
const transparency = { binTransMerkleRoot: wild, binTransCertificate: wild, binTransSCTList: wild };
const single = { complete: patch, partial: patch };
const several = { completes: patchList(patch), partials: patchList(patch) };
const proven = { completes: patchList(provenPatch), partials: patchList(provenPatch) };
const unifiedFiles = {
  fileUrls: table(channelName, some({ completes: table(releaseName, url), partials: table(releaseName, url) })),
};

const updateLine = fc.array(
  fc.record({
    for: some({
      channels: fc.array(channelName, { maxLength: 2 }),
      locales: fc.array(localeName, { maxLength: 2 }),
      versions: fc.array(fc.oneof(version, fc.constantFrom('<2.0', '>=1.0', '1.*')), { maxLength: 2 }),
      buildIDs: fc.array(fc.oneof(wild, fc.constantFrom('<9', '>=0')), { maxLength: 2 }),
    }),
    fields: both(
      some({
        type: fc.constantFrom('minor', 'major'),
        detailsURL: url,
        actions: wild,
        openURL: url,
        showPrompt: fc.boolean(),
        promptWaitTime: fc.double({ noNaN: true, noDefaultInfinity: true }),
        disableBITS: fc.constant(true),
      }),
      // Keys that nobody reads are let through.
      table(fc.constantFrom('not a name', '<', 'buildID', 'constructor'), wild),
    ),
  }),
  { maxLength: 3 },
);

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

function app(schema_version: number, fields: Fields, locale: Fields): fc.Arbitrary<object> {
  const block = some({ buildID: digits, ...locale });
  const build = { alias: platformName, buildID: digits, OS_FTP: wild, OS_BOUNCER: wild };
  const platform = some({ ...build, locales: table(localeName, block) });
  // One build that most requests are for.
  const usual = both(some({ buildID: digits, OS_FTP: wild }), fc.record({ locales: fc.record({ de: block }) }));
  const platforms = fc.tuple(fc.record({ linux: usual }), table(platformName, platform));
  return both(
    some({ hashFunction, ...fields }),
    fc.record({
      schema_version: fc.constant(schema_version),
      [schema_version === 1 ? 'extv' : 'appVersion']: plain,
      platforms: platforms.map(([one, more]) => ({ ...more, ...one })),
    }),
  );
}

function addons(mirrors: boolean): fc.Arbitrary<object> {
  const file = { alias: platformName, filesize: digits, hashValue: plain, fileUrl: url };
  const mirrorUrls = fc.array(url, { maxLength: 2 });
  const platform = mirrors ? some({ ...file, mirrorUrls }) : some(file);
  return table(
    wild.filter((id) => id !== '__proto__'),
    fc.record({ version: wild, platforms: table(platformName, platform) }),
  );
}

const named = fc.array(releaseName, { maxLength: 3 });
const osUpdate = { isOSUpdate: fc.boolean() };
const old = { ...later, ...pages, ...behaviour, billboardURL: url };
const wait = { promptWaitTime: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), wild) };

const installer = both(fc.record({ fileUrl: url }), some({ hashValue: wild }));

const families: Readonly<Record<number, fc.Arbitrary<object>>> = {
  1: app(
    1,
    {
      ...first,
      ...pages,
      fileUrls: texts,
      ftpFilenames: texts,
      bouncerProducts: texts,
      oldVersionSpecialCases: fc.boolean(),
    },
    { ...first, ...single },
  ),
  2: app(
    2,
    { ...old, fileUrls: texts, ftpFilenames: texts, bouncerProducts: texts },
    { ...later, ...osUpdate, ...single },
  ),
  3: app(
    3,
    { ...old, fileUrls: texts, ftpFilenames: names, bouncerProducts: names },
    { ...later, ...osUpdate, ...several },
  ),
  4: app(4, { ...old, ...unifiedFiles }, { ...later, ...osUpdate, ...several }),
  5: app(5, { ...old, ...wait, ...unifiedFiles }, { ...later, ...osUpdate, ...several }),
  6: app(6, { ...modern, ...behaviour, ...wait, ...unifiedFiles }, { ...modern, ...osUpdate, ...several }),
  8: app(
    8,
    { ...modern, ...behaviour, ...wait, ...transparency, ...unifiedFiles },
    { ...modern, ...osUpdate, ...proven },
  ),
  9: app(
    9,
    { ...modern, ...transparency, ...unifiedFiles, updateLine: fc.oneof(updateLine, fc.constant({})) },
    { ...modern, ...proven },
  ),
  50: fc.record({
    schema_version: fc.constant(50),
    detailsUrl: fc.oneof(url, fc.constant('%OS%%VERSION%%locale%')),
    displayVersion: wild,
  }),
  1000: fc.record({ schema_version: fc.constant(1000), hashFunction, vendors: addons(true) }),
  4000: fc.oneof(
    fc.record({ schema_version: fc.constant(4000), products: named }),
    fc.record({ schema_version: fc.constant(4000), blobs: named }),
  ),
  5000: both(
    fc.record({ schema_version: fc.constant(5000), hashFunction }),
    some({ uninstall: fc.boolean(), addons: addons(false) }),
  ),
  10000: fc.record({
    schema_version: fc.constant(10_000),
    version,
    required: fc.boolean(),
    platforms: fc
      .tuple(fc.record({ linux: installer }), table(platformName, installer))
      .map(([one, more]) => ({ ...more, ...one })),
  }),
};

export const schemaVersions = Object.keys(families).map(Number);

/** Any blob of a schema that is structurally sound, as JSON has it. */
export function arbitraryBlob(schemaVersion: number, name: string): fc.Arbitrary<Blob> {
  return (families[schemaVersion] ?? fc.constant({})).map(
    (fields): Blob => JSON.parse(JSON.stringify({ ...fields, name })),
  );
}

/** Any request that has a fair chance to meet such a blob. */
export const arbitraryRequest: fc.Arbitrary<Request> = fc
  .record({
    version: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('0.5', '1.0', '3.0.1') }, version),
    buildId: fc.oneof(fc.constantFrom('', '0', '1'), wild),
    platform: fc.oneof({ weight: 3, arbitrary: fc.constant('linux') }, platformName, fc.constant('__proto__')),
    locale: fc.oneof({ weight: 3, arbitrary: fc.constant('de') }, localeName),
    channel: fc.oneof(channelName, fc.constant('__proto__')),
    forced: fc.constantFrom('no' as const, 'main' as const, 'fallback' as const),
    pin: fc.option(fc.constantFrom('1.', 'x'), { nil: undefined, freq: 5 }),
  })
  .map(aRequest);
