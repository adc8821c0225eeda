import type { AppBlob, AppLocale } from 'sluice';
import { describe, expect, test } from 'vitest';
import { aRequest, decisionOf, snapshotOf, updates, xmlOf } from '../answer.fixture.ts';

const hash = 'ab'.repeat(64);
const complete = { filesize: 9_000_001, from: '*', hashValue: hash };
const completeFile = { ...complete, fileUrl: 'https://download.example.org/2.0.complete.mar' };
const completeLine = `        <patch type="complete" URL="https://download.example.org/2.0.complete.mar" hashFunction="sha512" hashValue="${hash}" size="9000001"/>`;

/** A release for one platform and locale. */
function release(blob: Partial<AppBlob> & Pick<AppBlob, 'schema_version'>, locale: Partial<AppLocale> = {}): AppBlob {
  const patches = blob.schema_version <= 2 ? { complete: completeFile } : { completes: [completeFile] };
  return {
    name: 'MyApp-2.0',
    hashFunction: 'sha512',
    platforms: {
      'Linux_x86_64-gcc3': {
        buildID: '20261116091500',
        OS_FTP: 'linux-x86_64',
        OS_BOUNCER: 'linux64',
        locales: { de: { ...patches, ...locale } },
      },
    },
    ...blob,
  };
}

const versions = { appVersion: '2.0', displayVersion: '2.0 Beta 1', platformVersion: '15.0' };
const pages = {
  detailsUrl: 'https://www.example.org/%LOCALE%/notes?a=1&b=2',
  licenseUrl: 'https://www.example.org/%locale%/license',
};
const writtenPages =
  'detailsURL="https://www.example.org/de/notes?a=1&amp;b=2" licenseURL="https://www.example.org/de/license"';

/** Everything that some schema prints. A schema that does not know a field leaves it out. */
const everything = {
  ...versions,
  ...pages,
  billboardURL: 'https://www.example.org/%LOCALE%/billboard',
  showPrompt: true,
  showNeverForVersion: 'FALSE',
  actions: 'silent "showURL"',
  openURL: 'https://www.example.org/%LOCALE%/open',
  notificationURL: 'https://www.example.org/%locale%/notification',
  alertURL: 'https://www.example.org/alert/%LOCALE%',
  promptWaitTime: 43_200,
  binTransMerkleRoot: 'root',
  binTransCertificate: 'certificate',
  binTransSCTList: 'list',
} as const;

const behaviour =
  'showPrompt="true" showNeverForVersion="FALSE" actions="silent &quot;showURL&quot;" openURL="https://www.example.org/de/open" notificationURL="https://www.example.org/de/notification" alertURL="https://www.example.org/alert/de"';
const billboard = 'billboardURL="https://www.example.org/de/billboard"';
const transparency = 'binTransMerkleRoot="root" binTransCertificate="certificate" binTransSCTList="list"';
const later = `<update type="minor" displayVersion="2.0 Beta 1" appVersion="2.0" platformVersion="15.0" buildID="20261116091500" ${writtenPages}`;

describe('the update element', () => {
  test('of schema 1 has version, extensionVersion, buildID and the two pages', () => {
    const blob = release({ schema_version: 1, appv: '2.0', extv: '2.0.1', ...pages });
    expect(xmlOf(blob, { updateType: 'major' })).toBe(
      updates(
        `    <update type="major" version="2.0" extensionVersion="2.0.1" buildID="20261116091500" ${writtenPages}>`,
        completeLine,
        '    </update>',
      ),
    );
  });

  test.each([
    [2, `${billboard} ${behaviour}`],
    [3, `${billboard} ${behaviour}`],
    [4, `${billboard} ${behaviour}`],
    [5, `${billboard} ${behaviour} promptWaitTime="43200"`],
    [6, `${behaviour} promptWaitTime="43200"`],
    [8, `${behaviour} promptWaitTime="43200" ${transparency}`],
  ] as const)('of schema %i has what that schema knows, in its order', (schema_version, optionals) => {
    const blob = release({ schema_version, ...everything }, { isOSUpdate: true });
    expect(xmlOf(blob)).toBe(updates(`    ${later} isOSUpdate="true" ${optionals}>`, completeLine, '    </update>'));
  });

  test.each([2, 3, 4, 5, 6, 8] as const)(
    'of schema %i without anything more says None for what is absent',
    (schema_version) => {
      const blob = release({ schema_version, appVersion: '2.0' }, { isOSUpdate: false });
      expect(xmlOf(blob)).toBe(
        updates(
          '    <update type="minor" displayVersion="None" appVersion="2.0" platformVersion="None" buildID="20261116091500">',
          completeLine,
          '    </update>',
        ),
      );
    },
  );

  test('takes versions and build of the locale before those of the release', () => {
    const locale = { appVersion: '2.0.1', displayVersion: '2.0.1 (de)', platformVersion: '15.1', buildID: 20261117 };
    expect(xmlOf(release({ schema_version: 4, ...versions }, locale))).toContain(
      '<update type="minor" displayVersion="2.0.1 (de)" appVersion="2.0.1" platformVersion="15.1" buildID="20261117">',
    );
    const first = release({ schema_version: 1, appv: '1', extv: '1.5' }, { appv: '2.0.1', extv: '2.0.2' });
    expect(xmlOf(first)).toContain('version="2.0.1" extensionVersion="2.0.2"');
  });

  test('says None for a build that nobody numbered', () => {
    const blob = release({ schema_version: 4, appVersion: '2.0' });
    const { buildID: _, ...unnumbered } = blob.platforms?.['Linux_x86_64-gcc3'] ?? {};
    expect(xmlOf({ ...blob, platforms: { 'Linux_x86_64-gcc3': unnumbered } })).toContain(' buildID="None">');
  });

  test('of a locale that the client made up is escaped', () => {
    const wild = '"><x>&%LOCALE%$&';
    const blob = release({ schema_version: 4, appVersion: '2.0', detailsUrl: 'https://x/%LOCALE%' });
    const platform = blob.platforms?.['Linux_x86_64-gcc3'];
    const platforms = { 'Linux_x86_64-gcc3': { ...platform, locales: { [wild]: { completes: [] } } } };
    expect(xmlOf({ ...blob, platforms }, { request: { locale: wild } })).toContain(
      ' detailsURL="https://x/&quot;&gt;&lt;x&gt;&amp;%LOCALE%$&amp;">',
    );
  });
});

describe('the old versions of schema 1', () => {
  const blob = release({ schema_version: 1, appv: '12.0', extv: '12.0.1', oldVersionSpecialCases: true });
  const both = 'version="12.0" extensionVersion="12.0.1"';

  test.each([
    ['1.5.0.12', both],
    ['2.0.0.20', 'version="2.0.0.20"'],
    ['3.0.19', 'version="3.0.19"'],
    ['3.5', 'version="12.0"'],
    ['3.5.19', 'version="12.0"'],
    ['3.6', 'version="12.0" extensionVersion="3.6"'],
    ['3.6.3plugin1', 'version="12.0" extensionVersion="3.6.3plugin1"'],
    ['4.0', both],
    ['11.0', both],
  ])('%s reads %s', (version, written) => {
    expect(xmlOf(blob, { request: { version } })).toContain(
      `<update type="minor" ${written} buildID="20261116091500">`,
    );
  });

  test('are told the plain versions by a release that does not ask for more', () => {
    const plain = release({ schema_version: 1, appv: '12.0', extv: '12.0.1' });
    expect(xmlOf(plain, { request: { version: '2.0.0.20' } })).toContain(both);
    const refused = release({ schema_version: 1, appv: '12.0', extv: '12.0.1', oldVersionSpecialCases: false });
    expect(xmlOf(refused, { request: { version: '2.0.0.20' } })).toContain(both);
  });
});

test('a fallback keeps the type of its rule', () => {
  const blob = release({ schema_version: 4, appVersion: '2.0' });
  const snapshot = snapshotOf(blob, {
    updateType: 'major',
    rules: [
      {
        product: 'MyApp',
        priority: 200,
        release: 'nothing',
        fallback: 'MyApp-2.0',
        updateType: 'major',
        share: { kind: 'percent', percent: 0 },
      },
    ],
  });
  const decision = decisionOf(snapshot, aRequest());
  expect(decision).toMatchObject({ kind: 'serve', admitted: 'fallback', updateType: 'major' });
});
