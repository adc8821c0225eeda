import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withClientSecret } from './client-secret.ts';
import { oidcKey } from './oidc-key.ts';

const settings = {
  issuer: 'https://id.example',
  clientId: 'sluice',
  scopes: 'openid email',
  claim: 'email',
  requireVerifiedEmail: true,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-client-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a secret is taken from its file without the line that ends it', () => {
  const clientSecretFile = join(folder, 'secret');
  writeFileSync(clientSecretFile, 'of a file\n');
  expect(withClientSecret({ ...settings, clientSecretFile })).toEqual({ ...settings, clientSecret: 'of a file' });
  expect(withClientSecret({ ...settings, clientSecret: 'x' })).toEqual({ ...settings, clientSecret: 'x' });
  expect(withClientSecret(settings)).toEqual(settings);
});

test('a file that is not there or holds nothing is a mistake in the configuration', () => {
  const clientSecretFile = join(folder, 'secret');
  const read = () => withClientSecret({ ...settings, clientSecretFile });
  expect(read).toThrow(expect.objectContaining({ code: 'invalid-config', detail: expect.stringContaining('ENOENT') }));
  writeFileSync(clientSecretFile, ' \n');
  expect(read).toThrow(expect.objectContaining({ code: 'invalid-config', detail: expect.stringContaining('empty') }));
});

test('nodes with the same secret seal alike, and those without one each for themselves', () => {
  const withSecret = { ...settings, clientSecret: 'x' };
  expect(oidcKey(withSecret)).toEqual(oidcKey(withSecret));
  expect(oidcKey(withSecret)).toHaveLength(32);
  expect(oidcKey({ ...withSecret, clientSecret: 'y' })).not.toEqual(oidcKey(withSecret));
  expect(oidcKey({ ...withSecret, clientId: 'z' })).not.toEqual(oidcKey(withSecret));
  expect(oidcKey(settings)).not.toEqual(oidcKey(settings));
});
