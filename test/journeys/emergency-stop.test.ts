import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { updatePath } from './balrog-bundle.ts';
import { makeKnownNode } from './known-node.ts';
import { startLoad } from './load.ts';
import { administratorIn, well } from './people.ts';
import { makeFolder, serve } from './sluice-process.ts';

const perSecond = 2000;
const loadMs = process.env['SLUICE_SOAK'] === '1' ? 20_000 : 4000;
const mostMs = 5000;

describeWithPostgres('an emergency stop', (postgres) => {
  test(`under ${perSecond} requests a second on two nodes lets no update through any more, within ${mostMs} ms`, async () => {
    const address = await postgres().makeDatabase();
    const known = await makeKnownNode(address);
    const root = await administratorIn({ data: known.data, databaseUrl: address });
    const nodes = [await known.serve(), await serve(makeFolder(), [], known.options)];
    const path = updatePath({ version: '1.0.1' });
    const body = (await nodes[0]?.ask(path))?.body ?? '';
    expect(body).toContain('<update ');
    let calledMs = Number.POSITIVE_INFINITY;
    let lastMs = 0;
    let held = 0;
    const onAnswer = (said: string, atMs: number): void => {
      if (said.includes('<update ')) lastMs = Math.max(lastMs, atMs);
      else held += 1;
    };
    const loads = nodes.map(({ port }) =>
      startLoad({ port, targets: [{ path, body }], perSecond: perSecond / nodes.length, onAnswer }),
    );
    await pause(loadMs / 2);
    const [node] = nodes;
    if (node === undefined) throw new Error('there is no node');
    calledMs = performance.now();
    const stop = { product: 'MyApp', reason: 'it crashes' };
    const answer = await well(root.ask(node.adminPort, 'POST', '/stops', stop));
    const answeredMs = performance.now() - calledMs;
    await pause(loadMs / 2);
    const reports = await Promise.all(loads.map((load) => load.stop()));
    const afterMs = lastMs - calledMs;
    const asked = reports.reduce((sum, report) => sum + report.asked, 0);
    console.info(
      `${asked} asked of two nodes; the stop was answered after ${answeredMs.toFixed(0)} ms, the last update came ${afterMs.toFixed(0)} ms after the call, ${held} got nothing`,
    );
    expect(answer).toMatchObject({ name: 'MyApp/*', cachesHoldSeconds: 90 });
    expect(reports.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(held).toBeGreaterThan(perSecond / 2);
    expect(afterMs).toBeGreaterThan(0);
    expect(afterMs).toBeLessThan(mostMs);
  });
});
