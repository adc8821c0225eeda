import type { AppBlob, GuardianBlob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { aRequest, jsonOf, snapshotOf, xmlOf } from './answer.fixture.ts';
import { renderJson } from './guardian-json.ts';

const blob: GuardianBlob = {
  name: 'Guardian-2.0',
  schema_version: 10_000,
  version: '2.0.1',
  required: true,
  hashFunction: 'sha512',
  platforms: {
    WINNT_x86_64: { fileUrl: 'https://download.example.org/vpn.msi?a&"b"', hashValue: 'ab' },
    Darwin: { fileUrl: 'https://download.example.org/vpn.pkg' },
    Foreign: { fileUrl: 'https://elsewhere.example.com/vpn' },
  },
};

const request = { product: 'Guardian', version: '1.9', platform: 'WINNT_x86_64' };

describe('the JSON of a Guardian release', () => {
  test('says the version, the file, whether it is required, and the hash', () => {
    expect(jsonOf(blob, { request })).toBe(
      '{"version":"2.0.1","url":"https://download.example.org/vpn.msi?a&\\"b\\"","required":true,"hashFunction":"sha512","hashValue":"ab"}',
    );
  });

  test('leaves out what the release does not say', () => {
    const { hashFunction: _, ...bare } = blob;
    expect(jsonOf({ ...bare, required: false }, { request: { ...request, platform: 'Darwin' } })).toBe(
      '{"version":"2.0.1","url":"https://download.example.org/vpn.pkg","required":false}',
    );
  });

  test('is empty where the host is foreign', () => {
    expect(jsonOf(blob, { request: { ...request, platform: 'Foreign' } })).toBe('{}');
    expect(jsonOf(blob, { request, hosts: [] })).toBe('{}');
  });

  test.each([['2.0.1'], ['2.0.2'], ['10.0']])('is not there for %s, which is not lower', (version) => {
    expect(jsonOf(blob, { request: { ...request, version } })).toBeUndefined();
  });

  test.each(['2.0', '2.0.0~alpha', '1.10', ''])('is there for %j, which is lower', (version) => {
    expect(jsonOf(blob, { request: { ...request, version } })).toContain('"version":"2.0.1"');
  });

  test('is not there for a platform that is not listed, nor for another release', () => {
    for (const platform of ['Linux', 'constructor', '__proto__']) {
      expect(jsonOf(blob, { request: { ...request, platform } })).toBeUndefined();
    }
    const other: AppBlob = {
      name: 'MyApp',
      schema_version: 4,
      appVersion: '2.0',
      platforms: { WINNT_x86_64: { buildID: '1', locales: { de: {} } } },
    };
    expect(xmlOf(other, { request })).toContain('<update ');
    expect(jsonOf(other, { request })).toBeUndefined();
  });

  test('is empty for a platform that came to be missing', () => {
    const snapshot = snapshotOf(blob, { request });
    const decision = { kind: 'serve', release: { name: '', product: '', blob } } as Parameters<typeof renderJson>[0];
    expect(renderJson(decision, aRequest({ ...request, platform: 'Linux' }), snapshot)).toBe('{}');
  });
});
