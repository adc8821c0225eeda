import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { startMarking } from './commit-marks.ts';
import { type KnownNode, makeKnownNode, wronglyAnswered } from './known-node.ts';
import { knownTargets } from './known-world.ts';
import { type LoadReport, startLoad, type Target } from './load.ts';
import { ask, type Server } from './sluice-process.ts';
import { becomes, isAlive, workersOf } from './workers-of.ts';

const kills = process.env['SLUICE_SOAK'] === '1' ? 30 : 3;
const perSecond = 200;

/** Asks anew until there is an answer: a connection may have been on its way to the one that was killed. */
async function askSurvivor(server: Server, { path, body }: Target): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(server.port, path).catch((error: unknown) => {
      if (attempt === 5) throw error;
      return undefined;
    });
    if (answer === undefined) continue;
    expect(answer).toMatchObject({ status: 200, body });
    return;
  }
}

/** Kills one of two workers under load. What it had begun is lost with it; nobody gets a wrong answer. */
async function killWorker(server: Server, targets: readonly Target[], choice: number): Promise<LoadReport> {
  const before = workersOf(server.pid);
  expect(before).toHaveLength(2);
  const victim = before[choice % before.length] ?? Number.NaN;
  const load = startLoad({ port: server.port, targets, perSecond });
  await pause(100);
  process.kill(victim, 'SIGKILL');
  await becomes('the worker is gone', () => !isAlive(victim));
  for (const target of targets.slice(choice, choice + 10)) await askSurvivor(server, target);
  await becomes('it is replaced', () => workersOf(server.pid).length === 2);
  await pause(100);
  const report = await load.stop();
  expect(report.wrong, report.complaints.join('\n')).toBe(0);
  for (const complaint of report.complaints) expect(complaint).toMatch(/ECONNRESET|socket hang up|aborted|EPIPE/);
  return report;
}

/** Kills the node itself, with whose end its workers end too, and starts it again. */
async function killNode(server: Server, node: KnownNode): Promise<Server> {
  const workers = workersOf(server.pid);
  await server.stop('SIGKILL');
  await becomes('no worker is left', () => !workers.some(isAlive));
  return node.serve('--workers', '2');
}

describeWithPostgres('of what was acknowledged nothing is lost', (postgres) => {
  test.each(['SQLite', 'PostgreSQL'])(
    `on %s when ${kills} times a worker and the node are killed`,
    async (store) => {
      const node = await makeKnownNode(store === 'SQLite' ? undefined : await postgres().makeDatabase());
      let server = await node.serve('--workers', '2');
      const targets = await knownTargets(server);
      const marker = startMarking(node);
      let [asked, failed] = [0, 0];
      try {
        for (let kill = 0; kill < kills; kill += 1) {
          const report = await killWorker(server, targets, kill);
          [asked, failed] = [asked + report.asked, failed + report.failed];
          server = await killNode(server, node);
          expect(await wronglyAnswered(server, targets)).toEqual([]);
        }
      } finally {
        await marker.stop();
      }
      await marker.commit();
      await marker.check(server);
      expect((await server.stop()).code).toBe(0);
      const { acknowledged, refused } = marker.tally();
      expect(acknowledged).toBeGreaterThan(kills);
      expect(refused).toBe(0);
      console.info(
        `${store}: ${kills} workers and ${kills} nodes killed: 0 of ${acknowledged} commits lost; of ${asked} answers none was wrong, ${failed} were cut off with their worker`,
      );
    },
    600_000,
  );
});
