import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSigningKey } from './signing-key.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-key-'));
});
afterEach(() => rmSync(data, { recursive: true }));

describe('the key that snapshots are signed with', () => {
  test('is made once, for the eyes of its owner only', async () => {
    const first = await openSigningKey({ data });
    const second = await openSigningKey({ data });
    expect(first.asymmetricKeyType).toBe('ed25519');
    expect(second.equals(first)).toBe(true);
    expect(readdirSync(data)).toEqual(['edge-signing-key.pem']);
    expect(statSync(join(data, 'edge-signing-key.pem')).mode & 0o777).toBe(0o600);
  });

  test('is made together with the data folder', async () => {
    expect((await openSigningKey({ data: join(data, 'new') })).type).toBe('private');
  });

  test('is that of a file that is named, which must be there', async () => {
    const file = join(data, 'shared.pem');
    await expect(openSigningKey({ data, file })).rejects.toMatchObject({ code: 'unreadable-file' });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect((await openSigningKey({ data, file })).equals(privateKey)).toBe(true);
    expect(readdirSync(data)).toEqual(['shared.pem']);
  });

  test('is refused when it is another thing, which is not repeated', async () => {
    const file = join(data, 'odd.pem');
    const { privateKey } = generateKeyPairSync('x25519');
    for (const content of ['', 'secret words', privateKey.export({ format: 'pem', type: 'pkcs8' })]) {
      writeFileSync(file, content);
      const refusal = openSigningKey({ data, file });
      await expect(refusal).rejects.toMatchObject({ code: 'invalid-config' });
      await expect(refusal).rejects.not.toThrow(/secret/);
    }
  });
});
