import type { AppBlob, UpdateLineGroup } from 'sluice';
import { describe, expect, test } from 'vitest';
import { type Surroundings, updates, xmlOf } from '../answer.fixture.ts';

function release(updateLine: AppBlob['updateLine'], more: Partial<AppBlob> = {}): AppBlob {
  return {
    name: 'Firefox-158.0-build1',
    schema_version: 9,
    hashFunction: 'sha512',
    appVersion: '158.0',
    displayVersion: '158.0 ESR',
    ...(updateLine !== undefined && { updateLine }),
    platforms: {
      'Linux_x86_64-gcc3': {
        buildID: '20261116091500',
        locales: {
          de: {
            completes: [
              {
                filesize: 71,
                from: '*',
                hashValue: 'cd',
                fileUrl: 'https://download.example.org/158.mar',
                binTransInclusionProof: 'proof',
              },
            ],
          },
        },
      },
    },
    ...more,
  };
}

const client = { product: 'MyApp', version: '140.0', channel: 'release' };

/** The line of the update element for a client. */
function headerOf(groups: AppBlob['updateLine'], request: Surroundings['request'] = {}): string {
  const xml = xmlOf(release(groups), { request: { ...client, ...request } }) ?? '';
  return xml.split('\n')[2]?.trim() ?? '';
}

const plain = '<update appVersion="158.0" buildID="20261116091500" displayVersion="158.0 ESR" type="minor">';

test('a release without an update line says four things, in the order of the alphabet', () => {
  expect(headerOf(undefined)).toBe(plain);
  expect(headerOf([])).toBe(plain);
  // Some builds write an empty object where a list belongs.
  expect(headerOf({})).toBe(plain);
});

test('what is absent is None, and a locale goes before its release', () => {
  const { appVersion: _, displayVersion: __, ...rest } = release([]);
  const [platform] = Object.values(rest.platforms ?? {});
  const locales = { de: { appVersion: '157.0', buildID: 7, completes: [] } };
  const blob: AppBlob = { ...rest, platforms: { 'Linux_x86_64-gcc3': { ...platform, locales } } };
  expect(xmlOf(blob, { request: client })).toBe(
    updates('    <update appVersion="157.0" buildID="7" displayVersion="None" type="minor">', '    </update>'),
  );
});

test('all that a group can say is printed in the order of the alphabet, with the locale filled in', () => {
  const all: UpdateLineGroup = {
    for: {},
    fields: {
      type: 'major',
      showPrompt: false,
      showNeverForVersion: true,
      promptWaitTime: 0,
      openURL: 'https://x/%LOCALE%/open?a&b',
      notificationURL: 'https://x/%locale%/notify',
      disableBITS: true,
      disableBackgroundUpdates: true,
      detailsURL: 'https://x/%LOCALE%/%locale%',
      alertURL: 'https://x/%LOCALE%',
      actions: 'showURL %LOCALE%',
    },
  };
  const written =
    '    <update actions="showURL %LOCALE%" alertURL="https://x/de" appVersion="158.0" buildID="20261116091500" ' +
    'detailsURL="https://x/de/de" disableBITS="true" disableBackgroundUpdates="true" displayVersion="158.0 ESR" ' +
    'notificationURL="https://x/de/notify" openURL="https://x/de/open?a&amp;b" promptWaitTime="0" ' +
    'showNeverForVersion="true" showPrompt="false" type="major">';
  const patch =
    '        <patch type="complete" URL="https://download.example.org/158.mar" hashFunction="sha512" hashValue="cd" size="71" binTransInclusionProof="proof"/>';
  expect(xmlOf(release([all]), { request: client })).toBe(updates(written, patch, '    </update>'));
});

test('a later group overlays an earlier one', () => {
  const groups = [
    { for: {}, fields: { actions: 'one', openURL: 'one' } },
    { for: {}, fields: { actions: 'two' } },
  ];
  expect(headerOf(groups)).toContain('<update actions="two" ');
  expect(headerOf(groups)).toContain(' openURL="one"');
});

test('a field that nobody reads is not printed', () => {
  const fields = { actions: 'read', 'not a name': 'x', onload: 'x', buildID: 'x' };
  expect(headerOf([{ for: {}, fields }])).toBe(plain.replace('<update ', '<update actions="read" '));
});

describe('a group fits', () => {
  const fits = (criteria: UpdateLineGroup['for'], request: Surroundings['request'] = {}): boolean =>
    headerOf([{ for: criteria, fields: { actions: 'here' } }], request).includes('actions="here"');

  test.each([
    [{ channels: ['release'] }, {}, true],
    [{ channels: ['beta'] }, {}, false],
    [{ channels: ['beta', 'rel*'] }, {}, true],
    [{ channels: ['release'] }, { channel: 'release-cck-acme' }, true],
    [{ channels: ['release-cck-acme'] }, { channel: 'release-cck-acme' }, true],
    [{ channels: ['release-cck-acme'] }, {}, false],
    [{ channels: ['r*'] }, {}, false],
    [{ channels: [] }, {}, false],
    [{ locales: ['fr', 'de'] }, {}, true],
    [{ locales: ['de*'] }, {}, false],
    [{ locales: [] }, {}, false],
    [{ versions: ['140.0'] }, {}, true],
    [{ versions: ['<140.0', '>140.0'] }, {}, false],
    [{ versions: ['<=140.0'] }, {}, true],
    [{ versions: ['140.*'] }, {}, true],
    [{ versions: ['>=150.0', '<139.0'] }, {}, false],
    [{ versions: ['not a version', '140.0'] }, {}, true],
    [{ versions: [] }, {}, false],
    [{ buildIDs: ['20200101000000'] }, {}, true],
    [{ buildIDs: ['<20200101000000'] }, {}, false],
    [{ buildIDs: ['>=2020'] }, {}, true],
    [{ buildIDs: ['!', '>2020'] }, {}, true],
    [{ buildIDs: ['!'] }, {}, false],
    [{ channels: ['release'], locales: ['de'], versions: ['<150.0'], buildIDs: ['<2021'] }, {}, true],
    [{ channels: ['release'], locales: ['fr'], versions: ['<150.0'], buildIDs: ['<2021'] }, {}, false],
    [{}, {}, true],
  ] as const)('%j for %j: %s', (criteria, request, expected) => {
    expect(fits(criteria, request)).toBe(expected);
  });
});
