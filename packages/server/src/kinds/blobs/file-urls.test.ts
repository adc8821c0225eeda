import type { AppBlob, Blob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { fileUrls } from './file-urls.ts';

function urlsOf(blob: Blob): readonly string[] {
  return fileUrls(blob).map(({ path, url }) => `${path.join('.')} ${url}`);
}

function app(blob: Partial<AppBlob>): AppBlob {
  return { name: 'a', schema_version: 4, ...blob };
}

const patch = (fileUrl?: string) => ({
  filesize: 1,
  from: '*',
  hashValue: 'ab',
  ...(fileUrl !== undefined && { fileUrl }),
});

describe('the file URLs', () => {
  test('of an application release are its templates and those of its patches, pages left out', () => {
    const locale = {
      complete: patch('c'),
      partial: patch(),
      completes: [patch(), patch('c1')],
      partials: [patch('p0')],
    };
    const blob = app({
      detailsUrl: 'page',
      openURL: 'page',
      fileUrls: { release: 't', beta: { completes: { '*': 'u' }, partials: { old: 'v' } }, empty: {} },
      platforms: { p: { locales: { de: locale, fr: {} } }, q: { alias: 'p' } },
    });
    expect(urlsOf(blob)).toEqual([
      'fileUrls.release t',
      'fileUrls.beta.completes.* u',
      'fileUrls.beta.partials.old v',
      'platforms.p.locales.de.complete.fileUrl c',
      'platforms.p.locales.de.completes.1.fileUrl c1',
      'platforms.p.locales.de.partials.0.fileUrl p0',
    ]);
    expect(urlsOf(app({}))).toEqual([]);
  });

  test('of plugins and add-ons are their files and mirrors', () => {
    const platforms = { p: { fileUrl: 'u', mirrorUrls: ['m', 'n'] }, q: { alias: 'p' }, r: { mirrorUrls: ['o'] } };
    const addons = { a: { version: '1', platforms } };
    const found = (key: string) => [
      `${key}.a.platforms.p.fileUrl u`,
      `${key}.a.platforms.p.mirrorUrls.0 m`,
      `${key}.a.platforms.p.mirrorUrls.1 n`,
      `${key}.a.platforms.r.mirrorUrls.0 o`,
    ];
    expect(urlsOf({ name: 'a', schema_version: 1000, hashFunction: 'sha512', vendors: addons })).toEqual(
      found('vendors'),
    );
    expect(urlsOf({ name: 'a', schema_version: 5000, hashFunction: 'sha512', addons })).toEqual(found('addons'));
    expect(urlsOf({ name: 'a', schema_version: 5000, hashFunction: 'sha512' })).toEqual([]);
  });

  test('of a Guardian release are its installers', () => {
    const platforms = { p: { fileUrl: 'u' }, q: { fileUrl: 'v' } };
    expect(urlsOf({ name: 'a', schema_version: 10_000, version: '1', required: false, platforms })).toEqual([
      'platforms.p.fileUrl u',
      'platforms.q.fileUrl v',
    ]);
  });

  test('of a desupport or superblob are none', () => {
    expect(urlsOf({ name: 'a', schema_version: 50, detailsUrl: 'page', displayVersion: '1' })).toEqual([]);
    expect(urlsOf({ name: 'a', schema_version: 4000, blobs: ['b'] })).toEqual([]);
  });
});
