import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openContentSigner } from './content-signature.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const path = join(folder, 'key.pem');
  writeFileSync(path, text);
  return path;
}

function pem(key: KeyObject): string {
  const type = key.type === 'private' ? 'pkcs8' : 'spki';
  return key.export({ type, format: 'pem' }).toString();
}

const x5u = 'https://keys.example.org/chain.pem';

describe('a content signature', () => {
  test.each(['', 'plain', '<updates>\n</updates>', 'é 😀'])('of %j can be verified with the public key', (body) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const sign = openContentSigner({ keyFile: fileWith(pem(privateKey)), x5u });
    const header = sign(body);
    expect(header).toMatch(/^x5u=https:\/\/keys\.example\.org\/chain\.pem; p384ecdsa=[\w-]{128}$/);
    const signature = Buffer.from(header.split('p384ecdsa=')[1] ?? '', 'base64url');
    const key = {
      key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      dsaEncoding: 'ieee-p1363' as const,
    };
    const signed = (text: string) => verify('sha384', Buffer.from(`Content-Signature:\0${text}`), key, signature);
    expect(signed(body)).toBe(true);
    expect(signed(`${body} `)).toBe(false);
  });

  test('reads a key in the form that openssl writes first', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const keyFile = fileWith(privateKey.export({ type: 'sec1', format: 'pem' }).toString());
    expect(openContentSigner({ keyFile, x5u })('')).toContain('p384ecdsa=');
  });
});

describe('a key that cannot be used is a mistake of the configuration', () => {
  const refused = (keyFile: string, detail: string) =>
    expect(() => openContentSigner({ keyFile, x5u })).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        detail: `faces.aus.contentSignature.keyFile ${keyFile} ${detail}`,
      }),
    );

  test('when it is not there', () => refused(join(folder, 'missing.pem'), 'holds no private key'));
  test('when it is no key', () => refused(fileWith('not a key'), 'holds no private key'));
  test('when it is public', () => {
    refused(fileWith(pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)), 'holds no private key');
  });
  test('when it is on another curve', () => {
    refused(fileWith(pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)), 'holds no P-384 key');
  });
  test('when it is of another kind', () => {
    refused(fileWith(pem(generateKeyPairSync('ed25519').privateKey)), 'holds no P-384 key');
  });
});
