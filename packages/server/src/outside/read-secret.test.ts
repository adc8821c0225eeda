import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotKnown } from '../not-known.ts';
import { secretsSetting } from '../secrets-setting.ts';
import { readSecret } from './read-secret.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-secret-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'token');
const secrets = (...hosts: readonly string[]) => secretsSetting.parse({ token: { file: file(), hosts } });

test('a secret is what stands in its file now, without the blanks around it', () => {
  for (const text of ['first', 'second']) {
    writeFileSync(file(), `  ${text}\n`);
    expect(readSecret(secrets('metrics.example.org'), 'token', 'metrics.example.org')).toBe(text);
  }
});

test.each([
  ['metrics.example.org', 'metrics.example.org', true],
  ['Metrics.Example.ORG', 'metrics.example.org', true],
  ['metrics.example.org', 'metrics.example.org:9090', true],
  ['metrics.example.org:9090', 'metrics.example.org:9090', true],
  ['metrics.example.org:443', 'metrics.example.org', true],
  ['metrics.example.org:443', 'metrics.example.org:80', false],
  ['metrics.example.org:9090', 'metrics.example.org', false],
  ['metrics.example.org', 'a.metrics.example.org', false],
  ['metrics.example.org', 'metrics.example.org.evil.org', false],
  ['example.org', 'metrics.example.org', false],
  ['[::1]', '[0:0:0:0:0:0:0:1]:9090', true],
])('one for %s, asked for %s: %s', (allowed, host, given) => {
  writeFileSync(file(), 'word');
  const read = () => readSecret(secrets('other.example.org', allowed), 'token', host);
  if (given) expect(read()).toBe('word');
  else expect(read).toThrow(new NotKnown(`the secret token is not for ${host}`));
});

test('one that is not there, empty or unreadable is told without the path of its file', () => {
  writeFileSync(file(), ' \n');
  expect(() => readSecret(secrets('a'), 'token', 'a')).toThrow(new NotKnown('the secret token is empty'));
  expect(() => readSecret(secrets('a'), 'toString', 'a')).toThrow(new NotKnown('no secret is called toString here'));
  rmSync(file());
  expect(() => readSecret(secrets('a'), 'token', 'a')).toThrow(
    new NotKnown('the secret token cannot be read (ENOENT)'),
  );
});

test('the setting wants a name, a file and hosts', () => {
  const fits = (value: unknown): boolean => secretsSetting.safeParse(value).success;
  expect(fits({ 'a.b-c_1': { file: 'x', hosts: ['a', 'a:1', '[::1]:1'] } })).toBe(true);
  expect(fits({ token: { file: 'x', hosts: [] } })).toBe(false);
  expect(fits({ token: { file: 'x', hosts: ['https://a'] } })).toBe(false);
  expect(fits({ token: { file: 'x', hosts: ['*'] } })).toBe(false);
  expect(fits({ 'a b': { file: 'x', hosts: ['a'] } })).toBe(false);
});
