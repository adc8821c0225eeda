import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seal, unseal } from './sealed-text.ts';

const key = randomBytes(32);

test('what is sealed can be opened with the key and shows nothing without', () => {
  const text = seal(key, { verifier: 'secret', n: 1 });
  expect(unseal(key, text)).toEqual({ verifier: 'secret', n: 1 });
  expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('secret');
  expect(seal(key, { verifier: 'secret', n: 1 })).not.toBe(text);
  expect(unseal(randomBytes(32), text)).toBeUndefined();
});

test('what was altered in any byte, cut or made up is not opened', () => {
  const bytes = Buffer.from(seal(key, 'x'), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(unseal(key, altered.toString('base64url'))).toBeUndefined();
    expect(unseal(key, bytes.subarray(0, at).toString('base64url'))).toBeUndefined();
  }
  for (const text of ['', 'x', '=', 'é', 'a'.repeat(4000)]) expect(unseal(key, text)).toBeUndefined();
});
