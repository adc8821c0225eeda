import { createHmac } from 'node:crypto';

const key = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * Signs a text with each of the keys, one on a line: while one takes the place of another both are there.
 * Source: Standard Webhooks 1.0.0, signature scheme.
 *
 * @throws Error for what is no key; it holds nothing of it
 */
export function signatureOf(text: string, keys: string): string {
  const lines = keys.split(/\s+/).filter((line) => line !== '');
  const signatures = lines.map((line) => `v1,${createHmac('sha256', readKey(line)).update(text).digest('base64')}`);
  if (signatures.length === 0) throw new Error('there is no key to sign with');
  return signatures.join(' ');
}

function readKey(line: string): Buffer {
  const bytes = Buffer.from(key.exec(line)?.[1] ?? '', 'base64');
  if (bytes.length < 24 || bytes.length > 64)
    throw new Error('a key to sign with is whsec_ and 24 to 64 bytes in Base64');
  return bytes;
}
