import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataFolder } from './data-folder-lock.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const fixture = fileURLToPath(new URL('lock-holder.fixture.mjs', import.meta.url));

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sluice-lock-')), 'data');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(join(folder, '..'), { recursive: true });
});

/** Starts another process that takes the lock, and answers with the first line that it prints. */
async function otherProcess(): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(process.execPath, ['--expose-gc', fixture, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const chunk of child.stdout) return { child, line: String(chunk).trim() };
  throw new Error('The other process runs from the build: run `npx tsc -b` first.');
}

test('a second owner in the same process is refused until the first lets go', () => {
  const lock = lockDataFolder(folder, 4711);
  expect(() => lockDataFolder(folder, 4712)).toThrow(
    expect.objectContaining({ code: 'data-folder-in-use', detail: `Process 4711 serves from ${folder}.` }),
  );
  lock.release();
  lock.release();
  lockDataFolder(folder, 4712).release();
});

test('a second process is refused, and told the process that owns the folder', async () => {
  const lock = lockDataFolder(folder, process.pid);
  const { line } = await otherProcess();
  expect(JSON.parse(line)).toEqual({
    code: 'data-folder-in-use',
    detail: `Process ${process.pid} serves from ${folder}.`,
  });
  lock.release();
  expect((await otherProcess()).line).toBe('held');
});

test('the lock of a killed process is free at once', async () => {
  const { child, line } = await otherProcess();
  expect(line).toBe('held');
  // The child collects its garbage all the time; nobody there holds on to the lock but the lock itself.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(() => lockDataFolder(folder, process.pid)).toThrow(`Process ${child.pid} serves`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockDataFolder(folder, process.pid).release();
});

test('whoever does not serve works beside the owner', async () => {
  const lock = lockDataFolder(folder, process.pid);
  const store = await openSqliteStore(join(folder, 'sluice.db'));
  expect(await store.commit([{ kind: 'rule', name: 'a', body: 1 }], { atMs: 0, author: 'a', reason: '' })).toBe(1);
  await store.close();
  lock.release();
});

test('an unreadable pid file costs the name of the owner and nothing more', () => {
  const lock = lockDataFolder(folder, 4711);
  writeFileSync(join(folder, 'serve.pid'), '');
  expect(() => lockDataFolder(folder, 4712)).toThrow(`Another process serves from ${folder}.`);
  lock.release();
  expect(existsSync(join(folder, 'serve.pid'))).toBe(false);
});

test('what the lock leaves in the folder is for its owner only', () => {
  const lock = lockDataFolder(folder, 4711);
  const modes = ['.', 'serve.lock', 'serve.pid'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600, 0o600]);
  lock.release();
});

test('a folder that cannot be made is a problem, not a crash', () => {
  writeFileSync(folder, '');
  expect(() => lockDataFolder(join(folder, 'data'), 1)).toThrow(expect.objectContaining({ code: 'store-unavailable' }));
});
