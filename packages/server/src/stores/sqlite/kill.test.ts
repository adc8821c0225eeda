import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../app/audit/verify-audit.ts';
import type { Store } from '../../store.ts';
import { keptLedger } from '../kept-ledger.fixture.ts';
import { connect } from './connection.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const fixture = fileURLToPath(new URL('writer.fixture.mjs', import.meta.url));
const built = fileURLToPath(new URL('../../../dist/stores/sqlite/open-sqlite-store.js', import.meta.url));
const rounds = process.env['SLUICE_SOAK'] === '1' ? 30 : 4;

interface Acknowledged {
  readonly revision: number;
  readonly counter: number;
}

beforeAll(() => {
  if (!existsSync(built)) throw new Error('The writer runs from the build: run `npx tsc -b` first.');
});

test(`after each of ${rounds} kills of two writers every acknowledged enactment is there, whole and once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  const file = join(folder, 'sluice.db');
  const random = lehmer(20_261_121);
  let acknowledged = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const writers = [`${round} odd`, `${round} even`].map((name) => startWriter(file, name));
      await Promise.all(writers.map(({ started }) => started));
      await pause(5 + 300 * random());
      const acks = await Promise.all(writers.map(({ kill }) => kill()));

      const store = await openSqliteStore(file);
      for (const [i, { name }] of writers.entries()) await expectAllKept(store, name, acks[i] ?? []);
      expect(await verifyAudit(store)).toMatchObject({ ok: true });
      const before = acknowledged;
      for (const list of acks) acknowledged += list.length;
      expect(await store.revision()).toBeGreaterThanOrEqual(acknowledged);
      expect(acknowledged).toBeGreaterThan(before);
      await store.close();
      expectSound(file);
    }
    process.stdout.write(
      `${rounds} rounds, two writers killed in each: 0 of ${acknowledged} acknowledged enactments lost\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);

/** A process that writes until it is killed; `kill` answers with what it had acknowledged. */
function startWriter(file: string, name: string) {
  const child = spawn(process.execPath, [fixture, file, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return {
    name,
    started: once(child.stdout, 'data'),
    async kill(): Promise<readonly Acknowledged[]> {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      expect(await closed).toEqual([null, 'SIGKILL']);
      // What follows the last line end is a line that the kill cut short.
      return output
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const [revision = Number.NaN, counter = Number.NaN] = line.split(' ').map(Number);
          return { revision, counter };
        });
    },
  };
}

async function expectAllKept(store: Store, name: string, acks: readonly Acknowledged[]): Promise<void> {
  const [rule = [], release, pin] = await Promise.all(
    (['rule', 'release', 'pin'] as const).map(async (kind) =>
      (await store.history(kind, name)).map(({ version, revision, body }) => ({
        version,
        revision,
        counter: (body as { counter: number }).counter,
      })),
    ),
  );
  // Three objects, one commit: half of one would show as a difference.
  expect(release).toEqual(rule);
  expect(pin).toEqual(rule);
  const kept = [...rule].reverse();
  expect(kept.map(({ version }) => version)).toEqual(kept.map((_, i) => i + 1));
  expect(kept.map(({ counter }) => counter)).toEqual(kept.map((_, i) => i + 1));
  expect(kept.slice(0, acks.length).map(({ revision, counter }) => ({ revision, counter }))).toEqual(acks);
  // The change and the entry of the audit log are there with the commit, and no others.
  const { changes, entries } = await keptLedger(store, name);
  expect(changes.map(({ revision }) => revision)).toEqual(kept.map(({ revision }) => revision));
  expect(entries).toEqual(changes);
  // One commit may be on the disk before its acknowledgement is out.
  expect(kept.length - acks.length).toBeLessThanOrEqual(1);
}

function expectSound(file: string): void {
  const connection = connect(file);
  expect(connection.prepare('pragma integrity_check').all([])).toEqual([{ integrity_check: 'ok' }]);
  expect(connection.prepare('pragma foreign_key_check').all([])).toEqual([]);
  connection.close();
}

/** Lehmer's generator (Park and Miller 1988): the same kills in every run. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
