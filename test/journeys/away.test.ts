import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { offerIn } from './balrog-bundle.ts';
import { copyOf, heartbeats, type KnownNode, makeKnownNode, wronglyAnswered } from './known-node.ts';
import { knownTargets, markOf } from './known-world.ts';
import type { Target } from './load.ts';
import { makeFile, makeFolder, revisionIn, run, type Server, serve } from './sluice-process.ts';
import { becomes } from './workers-of.ts';

/** Lets the node run once, so that it keeps a snapshot. */
async function runOnce(node: KnownNode): Promise<readonly Target[]> {
  const server = await node.serve();
  const targets = await knownTargets(server);
  expect(await heartbeats(server)).toMatchObject({ status: 200, store: 'ok', forBalancers: 200 });
  expect((await server.stop()).code).toBe(0);
  return targets;
}

/** Commits a mark that must be acknowledged, and answers with its revision. */
async function commitMark(node: KnownNode, number: number): Promise<number> {
  const file = makeFile('mark.json', markOf(number).object);
  const { code, stdout, stderr } = await run(['put', file, ...node.args], node.options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return revisionIn(stdout);
}

/** A server that was started without its database answers what it knew, and says of itself that it is not well. */
async function answersFromDisk(server: Server, targets: readonly Target[]): Promise<void> {
  expect(await wronglyAnswered(server, targets)).toEqual([]);
  await becomes('the heartbeat tells of the store', async () => (await heartbeats(server)).status === 503);
  expect(await heartbeats(server)).toMatchObject({ status: 503, store: 'error', forBalancers: 200 });
  expect(await wronglyAnswered(server, targets)).toEqual([]);
}

async function isWellAgain(server: Server): Promise<void> {
  await becomes('the heartbeat is well', async () => (await heartbeats(server)).status === 200, 30_000);
  expect(await heartbeats(server)).toMatchObject({ status: 200, store: 'ok', forBalancers: 200 });
}

describeWithPostgres('a node that is started while PostgreSQL is away', (server) => {
  test.each([0, 2])(
    'answers from its disk with %i workers, says so, and catches up with what was committed elsewhere',
    async (workers) => {
      const node = await makeKnownNode(await server().makeDatabase());
      const targets = await runOnce(node);
      const other = await serve(makeFolder(), [], node.options);
      const revision = await commitMark(node, 1);
      await other.serves(revision);
      await server().kill();
      try {
        const started = await node.serve('--workers', String(workers));
        await answersFromDisk(started, targets);
        // This commit came after the snapshot, and only the other node was running.
        expect(offerIn(await started.ask(markOf(1).path))).toBe('2.0.0 minor');
        expect(offerIn(await other.ask(markOf(1).path))).toBe('-');

        await server().start();
        await isWellAgain(started);
        await started.serves(revision);
        expect(offerIn(await started.ask(markOf(1).path))).toBe('-');
        const later = await commitMark(node, 2);
        for (const one of [started, other]) {
          await one.serves(later);
          expect(offerIn(await one.ask(markOf(2).path))).toBe('-');
          expect(await wronglyAnswered(one, targets)).toEqual([]);
          expect((await one.stop()).code).toBe(0);
        }
      } finally {
        await server().start();
      }
    },
  );

  test('and which has nothing on its disk is refused with one sentence', async () => {
    const node = await makeKnownNode(await server().makeDatabase());
    await server().kill();
    try {
      const { code, stdout, stderr } = await run(
        ['serve', '--public', '127.0.0.1:0', '--admin', 'off', '--data', makeFolder()],
        node.options,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^sluice: The database cannot be reached: .*\n/m);
    } finally {
      await server().start();
    }
  });

  test('and another one stands still answers from its disk all the same', async () => {
    const node = await makeKnownNode(await server().makeDatabase());
    const targets = await runOnce(node);
    server().pause();
    try {
      const started = await node.serve();
      await answersFromDisk(started, targets);
      server().resume();
      await isWellAgain(started);
      await started.serves(await commitMark(node, 1));
      expect(offerIn(await started.ask(markOf(1).path))).toBe('-');
      expect((await started.stop()).code).toBe(0);
    } finally {
      server().resume();
    }
  });
});

describe('a node whose embedded database cannot be used', () => {
  const databaseOf = ({ data }: KnownNode) => join(data, 'sluice.db');
  const misfortunes: readonly (readonly [what: string, befall: (file: string) => void])[] = [
    ['is damaged', (file) => writeFileSync(file, 'this is not a database at all\n'.repeat(500))],
    ['has lost its end', (file) => writeFileSync(file, 'SQLite format 3\0')],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ];

  let sound: KnownNode;
  let targets: readonly Target[];
  beforeAll(async () => {
    sound = await makeKnownNode();
    targets = await runOnce(sound);
  });

  test.each(misfortunes)(
    'because it %s answers from its disk, says so, and is well when it is put right',
    async (_, befall) => {
      const node = copyOf(sound);
      const [file, kept] = [databaseOf(node), join(makeFolder(), 'sluice.db')];
      copyFileSync(file, kept);
      befall(file);
      const started = await node.serve();
      await answersFromDisk(started, targets);
      // The folder belongs to it as ever.
      const second = await run(['serve', '--public', '127.0.0.1:0', '--admin', 'off', ...node.args], node.options);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain('Another server owns this data folder');

      rmSync(file, { recursive: true });
      renameSync(kept, file);
      await isWellAgain(started);
      await started.serves(await commitMark(node, 1));
      expect(offerIn(await started.ask(markOf(1).path))).toBe('-');
      expect(await wronglyAnswered(started, targets)).toEqual([]);
      expect((await started.stop()).code).toBe(0);
    },
  );

  test('is damaged while it serves goes on answering, and says so', async () => {
    const node = copyOf(sound);
    const server = await node.serve();
    writeFileSync(databaseOf(node), 'this is not a database at all\n'.repeat(500));
    rmSync(`${databaseOf(node)}-wal`, { force: true });
    expect(await wronglyAnswered(server, targets)).toEqual([]);
    await server.stop('SIGKILL');
    const started = await node.serve();
    await answersFromDisk(started, targets);
    expect((await started.stop()).code).toBe(0);
  });
});
