import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openPostgresStore } from '../../packages/server/src/stores/postgres/open-postgres-store.ts';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { offerIn, updatePath } from './balrog-bundle.ts';
import { makeKnownNode } from './known-node.ts';
import { makeFolder, type Server, serve } from './sluice-process.ts';

const commits = 15;
const path = updatePath({ version: '1.0.1' });

describeWithPostgres('several nodes on one PostgreSQL', (server) => {
  test('each serve what is committed, soon after it was', async () => {
    const address = await server().makeDatabase();
    const first = await makeKnownNode(address);
    const nodes = [
      await first.serve(),
      await serve(makeFolder(), ['--workers', '2'], first.options),
      await serve(makeFolder(), [], first.options),
    ];
    const store = await openPostgresStore(address);
    const latencies: number[][] = nodes.map(() => []);
    for (let round = 0; round < commits; round += 1) {
      const [before = ''] = await Promise.all(nodes.map(async (node) => offerIn(await node.ask(path))));
      const isHeld = before === '-';
      const body = isHeld ? undefined : { product: 'MyApp', comment: `round ${round}` };
      await store.commit([{ kind: 'emergency-stop', name: 'MyApp', body }], {
        atMs: Date.now(),
        author: 'a',
        reason: 'b',
      });
      const committedMs = performance.now();
      const took = await Promise.all(nodes.map((node) => untilChanged(node, isHeld, committedMs)));
      for (const [at, ms] of took.entries()) latencies[at]?.push(ms);
    }
    await store.close();
    for (const node of nodes) expect((await node.stop()).code).toBe(0);
    const told = latencies.map((all) => {
      all.sort((a, b) => a - b);
      return `${all[Math.floor(commits / 2)]?.toFixed(0)} ms (slowest ${all.at(-1)?.toFixed(0)} ms)`;
    });
    console.info(`half of ${commits} commits were served by three nodes after ${told.join(', ')}`);
    expect(Math.max(...latencies.flat())).toBeLessThan(2000);
  });
});

/** How long after a commit a node offers something, or nothing any more. */
async function untilChanged(node: Server, toSome: boolean, committedMs: number): Promise<number> {
  for (;;) {
    const isHeld = offerIn(await node.ask(path)) === '-';
    const ms = performance.now() - committedMs;
    if (isHeld !== toSome || ms > 10_000) return ms;
    await pause(2);
  }
}
