import type { AppBlob, Patch } from 'sluice';
import { describe, expect, test } from 'vitest';
import { type Surroundings, xmlOf } from '../answer.fixture.ts';

const platform = 'Linux_x86_64-gcc3';
const host = 'https://download.example.org';

interface Given extends Pick<AppBlob, 'schema_version' | 'fileUrls' | 'ftpFilenames' | 'bouncerProducts'> {
  readonly complete?: Partial<Patch>;
  readonly OS_FTP?: string;
}

function release({ complete = {}, OS_FTP = 'linux', ...blob }: Given): AppBlob {
  const patch = { filesize: 1, from: '*', hashValue: 'ab', ...complete };
  const locale = blob.schema_version <= 2 ? { complete: patch } : { completes: [patch] };
  const build = { buildID: '2', OS_FTP, OS_BOUNCER: 'linux64', locales: { de: locale } };
  const platforms = { [platform]: build, Alias: { alias: platform, OS_FTP: 'not this' } };
  return { name: 'MyApp-2.0', hashFunction: 'sha512', appVersion: '2.0', extv: '2.0', platforms, ...blob };
}

/** The address of the complete update, as it stands in the XML. */
function urlOf(given: Given, around: Surroundings = {}): string | undefined {
  return /URL="([^"]*)" hash/.exec(xmlOf(release(given), around) ?? '')?.[1];
}

describe('schemas 1 to 3', () => {
  const everyPlaceholder =
    `${host}/%LOCALE%/%locale%/%OS_FTP%/%os_ftp%/%OS_BOUNCER%/%os_bouncer%/%FILENAME%/%filename%/%PRODUCT%/%product%` as const;
  const filled = `${host}/de/de/linux/linux/linux64/linux64/name.mar/name.mar/MyApp-2.0/MyApp-2.0`;

  test.each([
    [1, { complete: 'name.mar' }, { complete: 'MyApp-2.0' }],
    [2, { complete: 'name.mar' }, { complete: 'MyApp-2.0' }],
    [3, { completes: { '*': 'name.mar' } }, { completes: { '*': 'MyApp-2.0' } }],
  ] as const)('schema %i fills in the template of the channel', (schema_version, ftpFilenames, bouncerProducts) => {
    const given = { schema_version, fileUrls: { release: everyPlaceholder }, ftpFilenames, bouncerProducts };
    expect(urlOf(given)).toBe(filled);
    expect(urlOf(given, { request: { platform: 'Alias' } })).toBe(filled);
  });

  test('a partner channel takes its own template, else that of the channel it follows', () => {
    const fileUrls = { release: `${host}/r`, 'release-cck-acme': `${host}/acme`, '*': `${host}/star` };
    const urlFor = (channel: string) => urlOf({ schema_version: 2, fileUrls }, { request: { channel } });
    expect(urlFor('release-cck-acme')).toBe(`${host}/acme`);
    expect(urlFor('release-cck-other')).toBe(`${host}/r`);
    expect(urlFor('beta')).toBeUndefined();
    expect(urlFor('constructor')).toBeUndefined();
  });

  test('a name that is not listed is left empty', () => {
    const fileUrls = { release: `${host}/%FILENAME%?product=%PRODUCT%` };
    expect(urlOf({ schema_version: 2, fileUrls })).toBe(`${host}/?product=`);
    expect(urlOf({ schema_version: 3, fileUrls, ftpFilenames: { completes: { old: 'x' } } })).toBe(`${host}/?product=`);
  });
});

describe.each([4, 5, 6, 8, 9] as const)('schema %i', (schema_version) => {
  const block = (name: string) => ({ completes: { '*': `${host}/${name}` } });

  test('takes the block of the channel, of the one it follows, and of * in this order', () => {
    const fileUrls = { release: block('release'), 'beta-cck-acme': block('acme'), '*': block('star') };
    const urlFor = (channel: string) => urlOf({ schema_version, fileUrls }, { request: { channel } });
    expect(urlFor('release')).toBe(`${host}/release`);
    expect(urlFor('release-cck-acme')).toBe(`${host}/release`);
    expect(urlFor('beta-cck-acme')).toBe(`${host}/acme`);
    expect(urlFor('beta')).toBe(`${host}/star`);
    expect(urlFor('toString')).toBe(`${host}/star`);
  });

  test('lets the first block that exists be the last word', () => {
    const other = { partials: { old: `${host}/partial` } };
    const fileUrls = {
      release: other,
      'beta-cck-acme': { completes: { old: `${host}/x` } },
      beta: block('b'),
      '*': block('star'),
    };
    expect(urlOf({ schema_version, fileUrls })).toBeUndefined();
    expect(urlOf({ schema_version, fileUrls }, { request: { channel: 'release-cck-acme' } })).toBeUndefined();
    expect(urlOf({ schema_version, fileUrls }, { request: { channel: 'beta-cck-acme' } })).toBeUndefined();
    expect(urlOf({ schema_version, fileUrls: { release: {}, '*': block('star') } })).toBe(`${host}/star`);
  });

  test('fills in locale and system, and leaves any other placeholder as it is', () => {
    const template = `${host}/%LOCALE%/%locale%/%OS_FTP%/%os_ftp%/%OS_BOUNCER%/%os_bouncer%/%FILENAME%/%Locale%/100%`;
    const fileUrls = { '*': { completes: { '*': template } } };
    const given = { schema_version, fileUrls, ftpFilenames: { completes: { '*': 'x' } } };
    expect(urlOf(given)).toBe(`${host}/de/de/linux/linux/linux64/linux64/%FILENAME%/%Locale%/100%`);
    expect(urlOf({ ...given, OS_FTP: '$&%LOCALE%' })).toContain('/de/de/$&amp;%LOCALE%/$&amp;%LOCALE%/linux64');
  });

  test('names the release that a patch starts from', () => {
    const fileUrls = { '*': { completes: { '*': `${host}/any`, 'MyApp-1.0': `${host}/from-1.0`, empty: '' } } };
    const build = { buildID: '20200101000000', locales: { de: {} } };
    const others = ['MyApp-1.0', 'empty', 'constructor'].map((name) => ({
      name,
      product: 'MyApp',
      blob: { name, schema_version, platforms: { [platform]: build } },
    }));
    expect(urlOf({ schema_version, fileUrls, complete: { from: 'MyApp-1.0' } }, { others })).toBe(`${host}/from-1.0`);
    expect(urlOf({ schema_version, fileUrls, complete: { from: 'empty' } }, { others })).toBeUndefined();
    expect(urlOf({ schema_version, fileUrls, complete: { from: 'constructor' } }, { others })).toBeUndefined();
  });
});

test('a patch with an address of its own needs no template, and is not filled in', () => {
  for (const schema_version of [1, 2, 3, 4, 5, 6, 8, 9] as const) {
    const fileUrl = `${host}/%LOCALE%`;
    expect(urlOf({ schema_version, complete: { fileUrl }, fileUrls: { release: `${host}/x` } })).toBe(fileUrl);
    expect(urlOf({ schema_version })).toBeUndefined();
  }
});

test('a placeholder for which the platform has no value leaves the patch out', () => {
  const blob = release({ schema_version: 4, fileUrls: { '*': { completes: { '*': `${host}/%OS_FTP%` } } } });
  const bare = { buildID: '2', locales: blob.platforms?.[platform]?.locales ?? {} };
  expect(xmlOf({ ...blob, platforms: { [platform]: bare } })).not.toContain('<patch');
});

describe('a host that wants to know of forced requests', () => {
  const settings = { forceUrlPrefixes: ['http://other.example.org', `${host}/counted`] };

  test.each([
    ['main', `${host}/counted/a`, `${host}/counted/a?force=1`],
    ['fallback', `${host}/counted/a`, `${host}/counted/a?force=-1`],
    ['main', `${host}/counted?a=b`, `${host}/counted?a=b&amp;force=1`],
    ['no', `${host}/counted/a`, `${host}/counted/a`],
    ['main', `${host}/a`, `${host}/a`],
    ['fallback', `${host}/a?u=${host}/counted`, `${host}/a?u=${host}/counted`],
  ] as const)('forced %s, %s becomes %s', (forced, fileUrl, written) => {
    const around = { request: { forced }, settings };
    expect(urlOf({ schema_version: 4, complete: { fileUrl } }, around)).toBe(written);
    expect(urlOf({ schema_version: 2, complete: { fileUrl } }, around)).toBe(written);
    expect(urlOf({ schema_version: 9, fileUrls: { '*': { completes: { '*': fileUrl } } } }, around)).toBe(written);
  });
});
