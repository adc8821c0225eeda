import type { AddonPlatform, GmpBlob, SystemAddonsBlob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { type Surroundings, updates, xmlOf } from '../answer.fixture.ts';

const host = 'https://download.example.org';
const linux = 'Linux_x86_64-gcc3';

function plugins(vendors: GmpBlob['vendors'], hashFunction = 'SHA512'): GmpBlob {
  return { name: 'Plugins', schema_version: 1000, hashFunction, vendors };
}

function systemAddons(blob: Partial<SystemAddonsBlob>): SystemAddonsBlob {
  return { name: 'Addons', schema_version: 5000, hashFunction: 'sha512', ...blob };
}

function wrapped(...lines: readonly string[]): string {
  return updates('    <addons>', ...lines, '    </addons>');
}

const file = { fileUrl: `${host}/a.zip`, hashValue: 'ab', filesize: 12 };

describe('media plugins', () => {
  test('are listed by name, each with its mirrors', () => {
    const blob = plugins({
      'gmp-widevine': {
        version: '4.10',
        platforms: { [linux]: { ...file, mirrorUrls: [`${host}/m?a&b`, 'https://x/m', `${host}/n`] } },
      },
      'gmp-gmpopenh264': { version: '2.6 "beta"', platforms: { [linux]: { ...file, filesize: '34' } } },
    });
    expect(xmlOf(blob)).toBe(
      wrapped(
        '        <addon id="gmp-gmpopenh264" URL="https://download.example.org/a.zip" hashFunction="SHA512" hashValue="ab" size="34" version="2.6 &quot;beta&quot;"/>',
        '        <addon id="gmp-widevine" URL="https://download.example.org/a.zip" hashFunction="SHA512" hashValue="ab" size="12" version="4.10">',
        '            <mirror URL="https://download.example.org/m?a&amp;b"/>',
        '            <mirror URL="https://download.example.org/n"/>',
        '        </addon>',
      ),
    );
  });

  test('have an element of their own even where there are none', () => {
    expect(xmlOf(plugins({}))).toBe(wrapped());
    expect(xmlOf(plugins({ a: { version: '1', platforms: { WINNT: file } } }))).toBe(wrapped());
  });

  test('are served whatever the client runs', () => {
    const blob = plugins({ a: { version: '1', platforms: { default: file } } });
    for (const version of ['999.0', '', 'not a version'])
      expect(xmlOf(blob, { request: { version } })).toContain('<addon ');
  });
});

describe('the platform of an add-on', () => {
  const named = (name: string): AddonPlatform => ({ ...file, fileUrl: `${host}/${name}` });
  const platforms = {
    [linux]: named('linux'),
    Alias: { alias: linux },
    AliasWithFile: { alias: linux, ...named('own') },
    Chain: { alias: 'Alias' },
    Broken: { alias: 'nowhere' },
    default: named('default'),
  };
  const urlFor = (platform: string, given: Readonly<Record<string, AddonPlatform>> = platforms): string | undefined => {
    const blob = systemAddons({ addons: { a: { version: '1', platforms: given } } });
    return /URL="https:\/\/download.example.org\/(\w+)"/.exec(xmlOf(blob, { request: { platform } }) ?? '')?.[1];
  };

  test.each([
    [linux, 'linux'],
    ['Alias', 'linux'],
    ['AliasWithFile', 'linux'],
    ['Chain', undefined],
    ['Broken', undefined],
    ['Elsewhere', 'default'],
    ['constructor', 'default'],
    ['__proto__', 'default'],
  ])('%s has the file of %s', (platform, name) => {
    expect(urlFor(platform)).toBe(name);
  });

  test('is nothing where it is not listed and there is no default', () => {
    expect(urlFor('Elsewhere', { [linux]: named('linux') })).toBeUndefined();
    expect(urlFor('constructor', {})).toBeUndefined();
  });
});

describe('foreign hosts', () => {
  const foreign = { ...file, fileUrl: 'https://elsewhere.example.com/a' };

  test('leave a plugin out, and a mirror', () => {
    const blob = plugins({
      a: { version: '1', platforms: { default: { ...foreign, mirrorUrls: [`${host}/m`] } } },
      b: { version: '1', platforms: { default: { ...file, mirrorUrls: [foreign.fileUrl] } } },
    });
    expect(xmlOf(blob)).toBe(
      wrapped(
        '        <addon id="b" URL="https://download.example.org/a.zip" hashFunction="SHA512" hashValue="ab" size="12" version="1"/>',
      ),
    );
  });

  test('leave the client its system add-ons', () => {
    const blob = systemAddons({ addons: { a: { version: '1', platforms: { default: foreign } } } });
    expect(xmlOf(blob)).toBe(updates());
  });
});

describe('system add-ons', () => {
  const line =
    '        <addon id="a@mozilla.org" URL="https://download.example.org/a.zip" hashFunction="sha512" hashValue="" size="" version="1"/>';
  const addons = {
    'a@mozilla.org': { version: '1', platforms: { default: { fileUrl: file.fileUrl } } },
    'b@mozilla.org': { version: '2', platforms: { WINNT: file } },
  };

  test.each<[string, Partial<SystemAddonsBlob>, string]>([
    ['some of which the client can use are listed', { addons }, wrapped(line)],
    ['that are listed count for more than being uninstalled', { addons, uninstall: true }, wrapped(line)],
    ['are uninstalled by an empty element', { uninstall: true }, wrapped()],
    ['are uninstalled where none can be used', { uninstall: true, addons: {} }, wrapped()],
    ['are left alone by no element', {}, updates()],
    ['are left alone where none can be used', { uninstall: false, addons: {} }, updates()],
  ])('%s', (_, blob, xml) => {
    expect(xmlOf(systemAddons(blob))).toBe(xml);
  });

  test('have no mirrors', () => {
    const platforms: Surroundings['request'] = { platform: linux };
    const blob = systemAddons({ addons: { a: { version: '1', platforms: { [linux]: file } } } });
    expect(xmlOf(blob, { request: platforms })).not.toContain('mirror');
  });
});
