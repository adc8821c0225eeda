import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWholeFile } from './write-whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file appears whole, for its owner only, in the place of another', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'before', { mode: 0o644 });
  await writeWholeFile(file, ['one ', new Uint8Array([0x74, 0x77, 0x6f])]);
  expect(readFileSync(file, 'utf8')).toBe('one two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('of many that are written at the same time one is there, whole', async () => {
  const file = join(folder, 'file');
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(texts.map((text) => writeWholeFile(file, [text])));
  expect(texts).toContain(readFileSync(file, 'utf8'));
  expect(readdirSync(folder)).toEqual(['file']);
});

test('when what is to be written breaks off, that is told, and what was there before stays', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'before');
  async function* broken() {
    yield 'a part';
    throw new RangeError('the tape is torn');
  }
  await expect(writeWholeFile(file, broken())).rejects.toThrow(RangeError);
  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('where it cannot be written, that is a problem, and nothing is left', async () => {
  writeFileSync(join(folder, 'a file'), '');
  mkdirSync(join(folder, 'a folder', 'in it'), { recursive: true });
  for (const name of ['a file/x', 'missing/x', 'a folder']) {
    const unwritable = { code: 'unwritable-file', detail: expect.stringContaining(folder) };
    await expect(writeWholeFile(join(folder, name), ['x'])).rejects.toMatchObject(unwritable);
  }
  expect(readdirSync(folder).sort()).toEqual(['a file', 'a folder']);
});
