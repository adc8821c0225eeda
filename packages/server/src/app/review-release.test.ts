import type { Blob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { afterOf } from './after.fixture.ts';
import { reviewRelease } from './review-release.ts';

const after = afterOf({
  'file-host': {
    'download.example.org': { host: 'download.example.org', products: ['MyApp'] },
    'archive.example.org': { host: 'archive.example.org', paths: [{ pattern: '/pub/.*', products: ['MyApp'] }] },
  },
});

function findingsOf(blob: object, { product = 'MyApp', hosts = after } = {}): readonly string[] {
  const whole = { name: 'r', schema_version: 4, ...blob } as Blob;
  return reviewRelease('r', { product, blob: whole }, hosts).map(
    ({ path, message, code }) => `${code} ${path.join('.')}: ${message}`,
  );
}

function withUrls(...urls: readonly string[]): object {
  const completes = urls.map((fileUrl) => ({ filesize: 1, from: '*', hashValue: 'ab', fileUrl }));
  return { platforms: { p: { locales: { de: { completes } } } } };
}

describe('a release is doubtful', () => {
  test('when its blob is called otherwise', () => {
    expect(findingsOf({ name: 'other' })).toEqual([
      'invalid-object blob.name: the blob is called other, the release r',
    ]);
  });

  test('when nobody reads some of its keys', () => {
    expect(findingsOf({ later: 1, platforms: { p: { x: 1 } } })).toEqual([
      'invalid-object blob.platforms.p.x: nobody reads this key',
      'invalid-object blob.later: nobody reads this key',
    ]);
  });

  test('when it names files on hosts that its product may not use', () => {
    const message = (path: string, url: string, product = 'MyApp') =>
      `file-host-not-allowed blob.${path}: ${product} may not have files from ${url}`;
    const wrong = ['https://elsewhere.example.com/a', 'https://archive.example.org/private/a', 'not a URL'];
    const right = ['https://download.example.org/a', 'https://archive.example.org/pub/a'];
    expect(findingsOf(withUrls(...right, ...wrong))).toEqual(
      wrong.map((url, index) => message(`platforms.p.locales.de.completes.${index + 2}.fileUrl`, url)),
    );
    const url = 'https://download.example.org/%LOCALE%';
    const templates = { fileUrls: { '*': { completes: { '*': url } } } };
    expect(findingsOf(templates)).toEqual([]);
    expect(findingsOf(templates, { product: 'Other' })).toEqual([message('fileUrls.*.completes.*', url, 'Other')]);
    expect(findingsOf(templates, { hosts: afterOf() })).toHaveLength(1);
  });

  test('when it is of plugins whose hashes have the wrong length', () => {
    const plugins = (hashFunction: string, ...lengths: readonly (number | undefined)[]) => {
      const platforms = lengths.map((length, index) => [
        `p${index}`,
        length === undefined ? { alias: 'p0' } : { hashValue: 'a'.repeat(length) },
      ]);
      return {
        schema_version: 1000,
        hashFunction,
        vendors: { v: { version: '1', platforms: Object.fromEntries(platforms) } },
      };
    };
    expect(findingsOf(plugins('sha256', 64, undefined))).toEqual([]);
    expect(findingsOf(plugins('sha384', 96))).toEqual([]);
    expect(findingsOf(plugins('SHA512', 128))).toEqual([]);
    expect(findingsOf(plugins('SHA512', 128, 64, 127))).toEqual([
      'invalid-object blob.vendors.v.platforms.p1.hashValue: a SHA512 has 128 characters, this one 64',
      'invalid-object blob.vendors.v.platforms.p2.hashValue: a SHA512 has 128 characters, this one 127',
    ]);
    // Other releases are signed as a whole.
    expect(findingsOf({ hashFunction: 'sha512', ...withUrls() })).toEqual([]);
  });

  test('when its update line says two things for one request', () => {
    const updateLine = [
      { for: {}, fields: { type: 'minor', actions: 'a' } },
      { for: { locales: ['de'] }, fields: { type: 'major', actions: 'b' } },
      { for: { locales: ['fr'] }, fields: { openURL: 'u' } },
    ];
    expect(findingsOf({ schema_version: 9, updateLine })).toEqual([
      'invalid-object blob.updateLine.1: says type, actions for requests that group 0 covers too',
    ]);
    expect(findingsOf({ schema_version: 9, updateLine: {} })).toEqual([]);
  });
});

test.each<object>([
  {},
  { schema_version: 50, detailsUrl: 'https://elsewhere.example.com/', displayVersion: '1' },
  { schema_version: 4000, products: ['a', 'b'] },
  { schema_version: 9, updateLine: [{ for: {}, fields: { openURL: 'https://elsewhere.example.com/' } }] },
])('the release %j is fine', (blob) => {
  expect(findingsOf(blob)).toEqual([]);
});
