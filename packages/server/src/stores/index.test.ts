import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-stores-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('without an address the database is sluice.db in the data folder', async () => {
  const store = await openStore({ data: join(folder, 'new', 'data') });
  await store.close();
  expect(existsSync(join(folder, 'new', 'data', 'sluice.db'))).toBe(true);
});

test.each(['sqlite:', 'sqlite://', 'SQLite:'])('%sPATH is a database in that file', async (prefix) => {
  const path = join(folder, "ü ?#%20'x.db");
  const store = await openStore({ data: join(folder, 'unused'), databaseUrl: prefix + path });
  await store.close();
  expect(existsSync(path)).toBe(true);
  expect(existsSync(join(folder, 'unused'))).toBe(false);
});

test.each([
  ['mysql://ada:secret@db/sluice', /no store for mysql: addresses; it has sqlite:, postgres:, postgresql:\.$/],
  ['constructor:x', /no store for constructor:/],
  ['ada/secret', /must start with a scheme/],
  ['', /must start with a scheme/],
  ['sqlite:', /names no file/],
])('the address %j is refused in one sentence that tells no secret', async (databaseUrl, sentence) => {
  const opening = openStore({ data: folder, databaseUrl });
  await expect(opening).rejects.toMatchObject({ code: 'store-unavailable', detail: expect.stringMatching(sentence) });
  await expect(opening).rejects.not.toMatchObject({ detail: expect.stringContaining('secret') });
});
