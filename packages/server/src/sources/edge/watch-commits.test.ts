import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EdgeNode, openEdgeNode } from '../../admin-faces/edge/edge-node.fixture.ts';
import { type Door, openDoor } from './door.fixture.ts';
import { type EdgePlace, openEdgePlace } from './edge-place.fixture.ts';
import { Link } from './link.ts';
import { openOddNode } from './odd-node.fixture.ts';
import { watchCommits } from './watch-commits.ts';

let node: EdgeNode;
let door: Door;
let edge: EdgePlace;
let hints = 0;
beforeEach(async () => {
  hints = 0;
  node = await openEdgeNode();
  door = await openDoor();
  door.leadTo(node.url);
  edge = openEdgePlace(door.url);
});
afterEach(async () => {
  await edge.remove();
  await door.close();
  await node.close();
});

let revision = 0;
function commit(): void {
  revision += 1;
  node.publish({ mark: { revision, commit: 'c' }, whole: true, objects: [], deleted: [] });
}

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo(); await pause(5)) {
    if (Date.now() > deadline) throw new Error(`it never came to be: ${hints} hints`);
  }
}

test('each commit is hinted at, once there is somebody to hear', async () => {
  const stop = edge.source.watch(() => {
    hints += 1;
  });
  await until(() => hints === 1);
  commit();
  await until(() => hints === 2);
  commit();
  await until(() => hints === 3);
  stop();
  await until(() => node.watching() === 0);
  commit();
  await pause(50);
  expect(hints).toBe(3);
});

test('who was cut off hears again, and of what was missed', async () => {
  edge.source.watch(() => {
    hints += 1;
  });
  await until(() => hints === 1);
  for (let round = 2; round < 5; round += 1) {
    door.shut();
    await until(() => node.watching() === 0);
    commit();
    door.open();
    await until(() => hints === round);
  }
});

test('who stops does not wait for a node that hangs', async () => {
  const odd = await openOddNode('http://127.0.0.1:9');
  odd.answer('/snapshot', () => {});
  odd.answer('/events', () => {});
  const source = edge.again({ from: odd.url });
  const stop = source.watch(() => {});
  const asking = source.newest();
  const refusal = expect(asking).rejects.toMatchObject({ code: 'source-unavailable' });
  await until(() => odd.asked.length === 2);
  const beganAt = performance.now();
  stop();
  await refusal;
  expect(performance.now() - beganAt).toBeLessThan(1000);
  await source.close();
  await odd.close();
});

test('a node that is away is not asked again and again', async () => {
  const odd = await openOddNode('http://127.0.0.1:9');
  odd.answer('/events', (response) => response.writeHead(503).end());
  const link = new Link({ from: odd.url, token: 'a-token' });
  const stop = watchCommits(link, () => {}, { spread: () => 0, range: { leastMs: 50, mostMs: 10_000 } });
  await pause(500);
  stop();
  link.close();
  await odd.close();
  expect(odd.asked.length).toBeGreaterThan(0);
  // At 0, 100, 300 and 700 ms.
  expect(odd.asked.length).toBeLessThan(5);
});

test.each([
  ['an event without an end', 'data: '.padEnd(20_000, 'x')],
  ['silence', ''],
  ['something else', 'event: other\ndata: x\n\n: comment\n\nretry: 1\n\nid: 5\n\n\u0000\n\n'],
])('%s is no hint, and is left when nothing follows', async (_, text) => {
  const odd = await openOddNode('http://127.0.0.1:9');
  odd.answer('/events', (response) => void response.write(text === '' ? ':\n' : text));
  const link = new Link({ from: odd.url, token: 'a-token' });
  const count = (): void => {
    hints += 1;
  };
  const stop = watchCommits(link, count, { spread: () => 0, range: { leastMs: 1, mostMs: 1 }, silenceMs: 50 });
  await until(() => odd.asked.length > 2);
  stop();
  link.close();
  await odd.close();
  expect(hints).toBe(0);
});
