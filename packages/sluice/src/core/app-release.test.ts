import { describe, expect, test } from 'vitest';
import {
  applicationVersion,
  buildIdOf,
  checkAppRelease,
  fieldOf,
  localeOf,
  platformOf,
  resolvedPlatform,
} from './app-release.ts';
import type { AppBlob } from './blob.ts';
import type { Request } from './model.ts';
import { readPin } from './pin.ts';
import { anAppRelease } from './release.fixture.ts';
import { aQuery } from './request.fixture.ts';
import type { ServeCheck } from './serve-check.ts';

const linux = 'Linux_x86_64-gcc3';

function check(request: Partial<Request>, blob: Partial<AppBlob> = {}, pin?: string): ServeCheck {
  const line = pin === undefined ? undefined : readPin(pin);
  return checkAppRelease(anAppRelease('60.0', blob), aQuery({ version: '59.0', ...request }), line);
}

describe('an application release', () => {
  test.each<readonly [string, Partial<Request>, ServeCheck]>([
    ['serves an older version', {}, 'serves'],
    ['serves an older version with a newer build', { buildId: '20990101000000' }, 'serves'],
    ['never serves a downgrade', { version: '61.0' }, 'not-newer'],
    ['never serves a downgrade, not even with an older build', { version: '61.0', buildId: '1' }, 'not-newer'],
    ['serves the same version with an older build', { version: '60.0', buildId: '20260131000000' }, 'serves'],
    ['does not serve the same version and build', { version: '60.0', buildId: '20260201000000' }, 'not-newer'],
    ['does not serve the same version with a newer build', { version: '60.0', buildId: '20260201000001' }, 'not-newer'],
    ['compares builds as texts', { version: '60.0', buildId: '3' }, 'not-newer'],
    ['takes the build of the locale', { version: '60.0', buildId: '20260201000000', locale: 'de' }, 'serves'],
    ['knows that a pre-release is older', { version: '60.0a1', buildId: '20990101000000' }, 'serves'],
    ['knows that a missing third part is 0', { version: '60.0.0', buildId: '20260201000000' }, 'not-newer'],
    ['follows an alias', { platform: `${linux}-asan` }, 'serves'],
    ['follows an alias for the build', { platform: `${linux}-asan`, version: '60.0', buildId: '9' }, 'not-newer'],
    ['has no answer for an unknown platform', { platform: 'BeOS' }, 'platform-missing'],
    [
      'calls an unknown platform at its own version a mistake',
      { platform: 'BeOS', version: '60.0' },
      'unknown-platform',
    ],
    ['says first that a downgrade is none', { platform: 'BeOS', version: '61.0' }, 'not-newer'],
    ['calls an unknown locale a mistake', { locale: 'xx' }, 'unknown-locale'],
    ['calls an unknown locale a mistake at its own version too', { locale: 'xx', version: '60.0' }, 'unknown-locale'],
    ['says first that a downgrade is none, whatever the locale', { locale: 'xx', version: '61.0' }, 'not-newer'],
    ['does not find inherited platforms', { platform: 'constructor' }, 'platform-missing'],
    ['does not find inherited locales', { locale: '__proto__' }, 'unknown-locale'],
    ['reads 2.0.0.20', { version: '2.0.0.20' }, 'serves'],
    ['calls 60.0b3 a mistake', { version: '60.0b3' }, 'invalid-version'],
    ['calls 60.0esr a mistake', { version: '60.0esr' }, 'invalid-version'],
    ['calls 59 a mistake', { version: '59' }, 'invalid-version'],
    ['calls no version a mistake', { version: '' }, 'invalid-version'],
  ])('%s', (_, request, expected) => {
    expect(check(request)).toBe(expected);
  });

  test.each<readonly [string, Partial<AppBlob>]>([
    ['no version', { appVersion: '' }],
    ['a version that cannot be read', { appVersion: '60.0esr' }],
    ['only the version of another schema', { schema_version: 1 }],
  ])('with %s serves nobody', (_, blob) => {
    expect(check({}, blob)).toBe('no-version');
  });

  test('without platforms has none', () => {
    const { platforms: _, ...blob } = anAppRelease('60.0').blob;
    const release = { name: 'MyApp-60.0', product: 'MyApp', blob };
    expect(checkAppRelease(release, aQuery({ version: '59.0' }), undefined)).toBe('platform-missing');
  });

  test('whose alias leads nowhere has no locale', () => {
    expect(check({ platform: 'A' }, { platforms: { A: { alias: 'B' } } })).toBe('unknown-locale');
    expect(check({ platform: 'A' }, { platforms: { A: { alias: 'A', locales: { 'en-US': {} } } } })).toBe('serves');
  });

  test('without a build serves nobody at its own version', () => {
    const platforms = { [linux]: { locales: { 'en-US': {} } } };
    expect(check({ version: '60.0' }, { platforms })).toBe('unknown-locale');
    expect(check({ version: '59.0' }, { platforms })).toBe('serves');
  });

  test('may write its build as a number', () => {
    const platforms = { [linux]: { buildID: 20260201000000, locales: { 'en-US': {} } } };
    expect(check({ version: '60.0', buildId: '20260131000000' }, { platforms })).toBe('serves');
    expect(check({ version: '60.0', buildId: '20260201000000' }, { platforms })).toBe('not-newer');
  });

  test('may say another version for a locale', () => {
    const platforms = { [linux]: { buildID: '2', locales: { 'en-US': { appVersion: '58.0' }, de: {} } } };
    expect(check({}, { platforms })).toBe('not-newer');
    expect(check({ locale: 'de' }, { platforms })).toBe('serves');
  });

  test.each<readonly [string, ServeCheck]>([
    ['59.', 'beyond-pin'],
    ['60.', 'serves'],
    ['60.0.', 'serves'],
    ['61.', 'serves'],
  ])('lies beyond the pin %s or not: %s', (pin, expected) => {
    expect(check({}, {}, pin)).toBe(expected);
  });

  test('that refuses does so whatever the pin', () => {
    expect(check({ version: '61.0' }, {}, '59.')).toBe('not-newer');
    expect(check({ platform: 'BeOS' }, {}, '59.')).toBe('platform-missing');
    expect(check({ locale: 'xx' }, {}, '59.')).toBe('unknown-locale');
  });
});

describe('what a blob says', () => {
  const { blob } = anAppRelease('60.0', { detailsUrl: 'https://example.com/' });

  test('of a platform stands under its alias', () => {
    expect(resolvedPlatform(blob, `${linux}-asan`)).toBe(linux);
    expect(resolvedPlatform(blob, 'BeOS')).toBe('BeOS');
    expect(platformOf(blob, `${linux}-asan`)).toBe(platformOf(blob, linux));
    expect(platformOf(blob, 'BeOS')).toBe(undefined);
  });

  test('of a build is what the locale says, or else its platform', () => {
    expect([buildIdOf(blob, linux, 'en-US'), buildIdOf(blob, `${linux}-asan`, 'de')]).toEqual([
      '20260201000000',
      '20260202000000',
    ]);
    expect([buildIdOf(blob, linux, 'xx'), buildIdOf(blob, 'BeOS', 'de')]).toEqual([undefined, undefined]);
  });

  test('of a locale is only what stands there', () => {
    expect(localeOf(blob, linux, 'en-US')).toEqual({});
    expect(localeOf(blob, linux, 'toString')).toBe(undefined);
  });

  test('of a version is extv in schema 1 and appVersion since, the locale going first', () => {
    const old = { schema_version: 1, name: 'old', extv: '2.0', appVersion: '9.0' } as const;
    expect(applicationVersion(old, linux, 'de')).toBe('2.0');
    expect(applicationVersion({ ...blob, extv: '2.0' }, linux, 'de')).toBe('60.0');
    const own = { platforms: { [linux]: { locales: { de: { displayVersion: '60 (de)' } } } } };
    expect(fieldOf({ ...blob, ...own }, linux, 'de', 'displayVersion')).toBe('60 (de)');
    expect(fieldOf({ ...blob, ...own }, linux, 'fr', 'displayVersion')).toBe('60.0');
  });
});
