import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { releaseRow, ruleRow } from './balrog-bundle.ts';
import { makeFile, makeFolder, run } from './sluice-process.ts';
import { surviveUnderLoad } from './survive-under-load.ts';

const mountPoint = makeFolder();
const filler = join(mountPoint, 'filler');

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

const mountDisk = () => succeeds('mount', '-t', 'tmpfs', '-o', 'size=160m,mode=1777', 'tmpfs', mountPoint);
const unmountDisk = () => succeeds('umount', '-l', mountPoint);

/** Writes until the system says that there is no space left. */
function fillDisk(): void {
  const handle = openSync(filler, 'w');
  const block = Buffer.alloc(1024 * 1024);
  try {
    for (let size = block.length; size >= 512; size = Math.floor(size / 2)) writeWhilePossible(handle, block, size);
  } finally {
    closeSync(handle);
  }
}

function writeWhilePossible(handle: number, block: Buffer, size: number): void {
  try {
    for (let written = 0; written < 2 ** 31; written += size) writeSync(handle, block, 0, size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** More than there is room for in what PostgreSQL has taken already. */
const large = {
  releases: Array.from({ length: 4000 }, (_, index) => releaseRow('OtherApp', `3.0.${index}`)),
  rules: [ruleRow(1000, 'OtherApp-3.0.0', { product: 'OtherApp' })],
};

// Only root can make a small disk, so that elsewhere there is no such test.
if (process.getuid?.() === 0 && mountDisk() && unmountDisk()) {
  describe('with PostgreSQL on a small disk', () => {
    const folderBefore = process.env['TMPDIR'];
    beforeAll(() => {
      expect(mountDisk()).toBe(true);
      // Here the server makes its folder.
      process.env['TMPDIR'] = mountPoint;
    });
    afterAll(() => {
      unmountDisk();
    });

    describeWithPostgres('under 1000 questions a second not one answer is wrong or fails', (server) => {
      test('while the disk is full; what is committed afterwards is served, and nothing is lost', async () => {
        // The server has its folder; everybody else's is to have room.
        if (folderBefore === undefined) delete process.env['TMPDIR'];
        else process.env['TMPDIR'] = folderBefore;
        const refusals: string[] = [];
        const line = await surviveUnderLoad(await server().makeDatabase(), {
          name: 'its disk is full',
          befall: async () => {
            fillDisk();
            return async () => {
              rmSync(filler);
              await server().start();
            };
          },
          meanwhile: async ({ args, options }) => {
            const bundle = makeFile('large.json', large);
            const { code, stdout, stderr } = await run(['import', 'balrog', '--merge', bundle, ...args], options);
            expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
            refusals.push(stderr);
          },
        });
        expect(refusals.length).toBeGreaterThan(0);
        for (const refusal of refusals) expect(refusal).toMatch(/^sluice: .*(No space left|cannot be used|not known)/);
        console.info(`${line}\n${refusals[0]}`);
      });
    });
  });
}
