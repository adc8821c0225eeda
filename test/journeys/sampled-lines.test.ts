import { expect, test } from 'vitest';
import { updatePath } from './balrog-bundle.ts';
import { makeKnownNode } from './known-node.ts';
import { ask, type Server } from './sluice-process.ts';
import { becomes, isAlive, workersOf } from './workers-of.ts';

async function sampledLines({ adminPort }: Server): Promise<number> {
  const { body } = await ask(adminPort, '/metrics');
  return Number(/^sluice_sampled_lines (\d+)$/m.exec(body)?.[1]);
}

/** Asks each question on a connection of its own, so that every worker gets some. */
async function askAll(server: Server, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1) {
    expect((await ask(server.port, updatePath({ version: `1.0.${number}` }))).status).toBe(200);
  }
}

test('the lines that workers were asked come together in the node, and stay when a worker dies', async () => {
  const node = await makeKnownNode();
  const server = await node.serve('--workers', '2');
  await askAll(server, 0, 700);
  await askAll(server, 0, 100);
  await becomes('all lines are known', async () => (await sampledLines(server)) === 700);
  const [victim = Number.NaN] = workersOf(server.pid);
  process.kill(victim, 'SIGKILL');
  await becomes('it is replaced', () => !isAlive(victim) && workersOf(server.pid).length === 2);
  await becomes('a new worker answers', async () => {
    const answer = await ask(server.port, updatePath({ version: '1.0.0' })).catch(() => undefined);
    return answer?.status === 200;
  });
  await askAll(server, 700, 720);
  await becomes('the new ones are known too', async () => (await sampledLines(server)) === 720);
  expect((await server.stop()).code).toBe(0);
});

test('a node that answers by itself keeps no more lines than it is told to, and none when told so', async () => {
  const node = await makeKnownNode();
  const few = await node.serve('--set', 'previewLines=50');
  await askAll(few, 0, 200);
  expect(await sampledLines(few)).toBe(50);
  expect((await few.stop()).code).toBe(0);
  const none = await node.serve('--set', 'previewLines=0');
  await askAll(none, 0, 20);
  expect(await sampledLines(none)).toBe(0);
  expect((await none.stop()).code).toBe(0);
});
