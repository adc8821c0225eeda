import { describe, expect, test } from 'vitest';
import type { Blob } from './blob.ts';
import { anAppRelease, aRelease } from './release.fixture.ts';
import { checkRelease } from './release.ts';
import { aQuery } from './request.fixture.ts';

const always: readonly Blob[] = [
  { schema_version: 50, name: 'desupport', detailsUrl: 'https://example.com/', displayVersion: '50' },
  { schema_version: 1000, name: 'gmp', hashFunction: 'sha512', vendors: {} },
  { schema_version: 4000, name: 'superblob', blobs: [] },
  { schema_version: 5000, name: 'addons', hashFunction: 'sha512' },
];

describe('a release', () => {
  test.each(always)('of schema $schema_version is always answered', (blob) => {
    const junk = aQuery({ version: 'junk', platform: '', locale: '', buildId: '' });
    expect(checkRelease(aRelease('MyApp', blob), junk, { major: 0, minor: 0 })).toBe('serves');
  });

  test.each([1, 2, 3, 4, 5, 6, 8, 9] as const)('of schema %i compares versions', (schema_version) => {
    const release = anAppRelease('2.0', { schema_version, extv: '2.0' });
    expect(checkRelease(release, aQuery({ version: '1.0' }), undefined)).toBe('serves');
    expect(checkRelease(release, aQuery({ version: '3.0' }), undefined)).toBe('not-newer');
    expect(checkRelease(release, aQuery({ version: '1.0' }), { major: 1, minor: undefined })).toBe('beyond-pin');
  });

  test.each([
    ['2.0', 'WINNT', 'serves'],
    ['2.9', 'WINNT', 'serves'],
    ['2.10', 'WINNT', 'not-newer'],
    ['2.11', 'WINNT', 'not-newer'],
    ['2.9-beta', 'WINNT', 'serves'],
    ['', 'WINNT', 'serves'],
    ['junk', 'WINNT', 'not-newer'],
    ['2.0', 'Linux', 'platform-missing'],
    ['3.0', 'Linux', 'platform-missing'],
    ['2.0', '__proto__', 'platform-missing'],
  ])('of schema 10000 compares loosely and by platform: %j on %s %s', (version, platform, expected) => {
    const release = aRelease('FirefoxVPN', {
      schema_version: 10_000,
      name: 'vpn',
      version: '2.10',
      required: false,
      platforms: { WINNT: { fileUrl: 'https://example.com/vpn.msi' } },
    });
    expect(checkRelease(release, aQuery({ version, platform }), undefined)).toBe(expected);
  });
});
