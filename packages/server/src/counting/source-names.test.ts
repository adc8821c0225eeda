import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSourceNames } from './source-names.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-counting-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const fail = (error: unknown): never => {
  throw error;
};

test('a process says of the one before it in its folder that nothing more will come of it', () => {
  const names = openSourceNames(folder, fail);
  expect(names.first).toEqual([]);
  names.make();
  const newest = names.make();
  const { first, make } = openSourceNames(folder, fail);
  expect(first).toEqual([{ source: newest, sequence: Number.MAX_SAFE_INTEGER, throughMs: 0, counts: [], last: true }]);
  expect(make()).not.toBe(newest);
});

test('a file that is damaged is none', () => {
  const name = openSourceNames(folder, fail).make();
  writeFileSync(join(folder, 'count-source'), name.slice(1));
  expect(openSourceNames(folder, fail).first).toEqual([]);
});

test('a name that cannot be kept is a name all the same, and the trouble is told', () => {
  const troubles: unknown[] = [];
  const names = openSourceNames(join(folder, 'nowhere'), (error) => troubles.push(error));
  expect(names.make()).toMatch(/^[0-9a-f-]{36}$/);
  expect(troubles).toHaveLength(1);
  expect(() => readFileSync(join(folder, 'nowhere', 'count-source'))).toThrow();
});
