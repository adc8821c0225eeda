import type { Edit } from './prepare-edits.ts';

/** The throttle that the sample world shows. */
export const sampleThrottle = 'MyApp/1.0.5';

/**
 * Two products to try things on. MyApp stands where Mozilla's page on AUS2 throttling has it just after the major
 * update went out: 1.0.5 is offered 2.0.3, throttled to nobody but who asks by hand, except on the test channels.
 * Firefox is a present-day release on its way to a quarter of those who ask, with the one before for the others.
 */
export function sampleWorld(): readonly Edit[] {
  return [
    ...myAppReleases,
    ...myAppRules,
    ...firefoxReleases(),
    ...firefoxRules,
    edit('throttle', { product: 'MyApp', version: '1.0.5', percent: 0 }),
    edit('throttle-exception', { version: '1.0.5', channels: ['betatest', 'releasetest'] }),
    edit('global-throttle', { on: false, percent: 100 }),
    edit('file-host', { host: 'download.example.org', products: ['MyApp', 'Firefox'] }),
    edit('settings', { forceUrlPrefixes: [], signedProducts: [] }),
    // So that what is scheduled is enacted though nobody is to be told.
    edit('notifier', { product: 'MyApp', transport: 'none' }, 'MyApp-nobody'),
    edit('notifier', { product: 'Firefox', transport: 'none' }, 'Firefox-nobody'),
  ];
}

function edit(kind: Edit['kind'], body: unknown, name?: string): Edit {
  return { kind, body, at: 'sample world', ...(name !== undefined && { name }) };
}

const locales = ['de', 'en-US', 'fr'];
const platforms = ['Darwin_x86_64-gcc3', 'Linux_x86_64-gcc3', 'WINNT_x86_64-msvc'];

/** A hash to look at: nothing is behind these addresses. */
function hashOf(seed: number): string {
  return Array.from({ length: 128 }, (_, at) => ((seed * 31 + at * 7 + ((seed * at) >> 3)) & 15).toString(16)).join('');
}

function myAppRelease(version: string, buildID: string, seed: number): Edit {
  const name = `MyApp-${version}`;
  const complete = { filesize: 9_000_000 + seed, from: '*', hashValue: hashOf(seed) };
  const build = {
    buildID,
    OS_FTP: 'any',
    OS_BOUNCER: 'any',
    locales: Object.fromEntries(locales.map((one) => [one, { complete }])),
  };
  const blob = {
    name,
    schema_version: 2,
    hashFunction: 'sha512',
    appVersion: version,
    displayVersion: version,
    platformVersion: version,
    detailsUrl: `https://www.example.org/%LOCALE%/myapp/${version}/notes`,
    fileUrls: Object.fromEntries(
      ['betatest', 'releasetest', 'beta', 'release'].map((channel) => [
        channel,
        `https://download.example.org/myapp/${version}/%LOCALE%/%FILENAME%`,
      ]),
    ),
    ftpFilenames: { complete: `myapp-${version}.complete.mar` },
    platforms: Object.fromEntries(platforms.map((platform) => [platform, build])),
  };
  return edit('release', { product: 'MyApp', blob }, name);
}

const myAppReleases = [myAppRelease('1.0.5', '20261110093000', 1), myAppRelease('2.0.3', '20261110113000', 2)];

/** What 1.0.5 runs goes over to 2.0.3; every other version of a branch to the branch's newest. */
const myAppRules = [
  { name: '10', version: '1.0.5', release: 'MyApp-2.0.3', updateType: 'major', priority: 110 },
  { name: '11', version: '<1.0.5', release: 'MyApp-1.0.5', updateType: 'minor', priority: 100 },
  { name: '12', version: '>=2.0', release: 'MyApp-2.0.3', updateType: 'minor', priority: 90 },
].map(({ name, ...rule }) => edit('rule', { product: 'MyApp', share: 100, ...rule }, name));

const before = { version: '157.0', buildID: '20261026142000' };
const current = { version: '158.0', buildID: '20261116091500' };

function firefoxReleases(): readonly Edit[] {
  return [firefoxRelease(before, undefined, 3), firefoxRelease(current, before, 4)];
}

type Build = typeof before;

function firefoxRelease({ version, buildID }: Build, from: Build | undefined, seed: number): Edit {
  const name = `Firefox-${version}-build1`;
  const source = from && `Firefox-${from.version}-build1`;
  const completes = [{ filesize: 71_000_000 + seed, from: '*', hashValue: hashOf(seed) }];
  const partials =
    source === undefined ? [] : [{ filesize: 12_000_000 + seed, from: source, hashValue: hashOf(seed + 10) }];
  const base = `https://download.example.org/firefox/${version}/%OS_FTP%/%LOCALE%`;
  const block = Object.fromEntries(locales.map((locale) => [locale, { completes, partials }]));
  const blob = {
    name,
    schema_version: 9,
    hashFunction: 'sha512',
    appVersion: version,
    displayVersion: version,
    updateLine: [
      {
        for: {},
        fields: { detailsURL: `https://www.example.org/%LOCALE%/firefox/${version}/releasenotes/`, type: 'minor' },
      },
      {
        for: { versions: ['<150.0'] },
        fields: { actions: 'showURL', openURL: `https://www.example.org/%LOCALE%/firefox/${version}/whatsnew/` },
      },
    ],
    fileUrls: {
      '*': {
        completes: { '*': `${base}/firefox-${version}.complete.mar` },
        partials: source === undefined ? {} : { [source]: `${base}/firefox-${from?.version}-${version}.partial.mar` },
      },
    },
    platforms: {
      'Darwin_x86_64-gcc3-u-i386-x86_64': { buildID, OS_FTP: 'mac', OS_BOUNCER: 'osx', locales: block },
      'Darwin_aarch64-gcc3': { alias: 'Darwin_x86_64-gcc3-u-i386-x86_64' },
      'Linux_x86_64-gcc3': { buildID, OS_FTP: 'linux-x86_64', OS_BOUNCER: 'linux64', locales: block },
      'WINNT_x86_64-msvc': { buildID, OS_FTP: 'win64', OS_BOUNCER: 'win64', locales: block },
    },
  };
  return edit('release', { product: 'Firefox', blob }, name);
}

const firefoxRules = [
  edit(
    'rule',
    {
      product: 'Firefox',
      channel: 'release',
      priority: 100,
      release: `Firefox-${current.version}-build1`,
      fallback: `Firefox-${before.version}-build1`,
      share: 25,
      updateType: 'minor',
      comment: 'a quarter of those who ask',
    },
    '20',
  ),
];
