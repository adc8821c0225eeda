import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EdgeNode, edgeToken, openEdgeNode } from '../../admin-faces/edge/edge-node.fixture.ts';
import { Meter } from '../../metrics/meter.ts';
import { type Door, openDoor } from './door.fixture.ts';
import { Link } from './link.ts';
import { openOddNode } from './odd-node.fixture.ts';
import { type Reporting, reportReadings } from './report-readings.ts';

let node: EdgeNode;
let door: Door;
let link: Link;
let meter: Meter;
let reporting: Reporting | undefined;
const troubles: unknown[] = [];
beforeEach(async () => {
  node = await openEdgeNode();
  door = await openDoor();
  door.leadTo(node.url);
  link = new Link({ from: door.url, token: edgeToken });
  meter = new Meter();
  troubles.length = 0;
});
afterEach(async () => {
  await reporting?.stop();
  reporting = undefined;
  link.close();
  await door.close();
  await node.close();
});

function report(): void {
  const onTrouble = (error: unknown): void => void troubles.push(error);
  reporting = reportReadings(link, { reading: () => meter.read(), onTrouble, everyMs: 20 });
}

function count(times: number): void {
  for (let i = 0; i < times; i += 1) meter.answered(200, 0.001);
}

function counted(): number {
  return node.readings.total().find(({ name }) => name === 'requests')?.value ?? 0;
}

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo(); await pause(5)) {
    if (Date.now() > deadline) throw new Error(`it never came to be: ${counted()} are counted`);
  }
}

describe('what an edge counts', () => {
  test('is counted by the node too, exactly', async () => {
    report();
    for (let round = 1; round <= 5; round += 1) {
      count(7);
      await until(() => counted() === 7 * round);
    }
    await pause(250);
    expect(counted()).toBe(35);
    expect(troubles).toEqual([]);
  });

  test('is told to the end', async () => {
    report();
    count(3);
    await until(() => counted() === 3);
    count(4);
    await reporting?.stop();
    reporting = undefined;
    expect(counted()).toBe(7);
  });

  test('is not lost while the node cannot be reached, and the trouble is told once', async () => {
    report();
    count(3);
    await until(() => counted() === 3);
    door.shut();
    count(4);
    await until(() => troubles.length > 0);
    await pause(250);
    expect(troubles).toHaveLength(1);
    expect(counted()).toBe(3);
    door.open();
    await until(() => counted() === 7);
  });

  test('before a node started anew is not counted again by it', async () => {
    report();
    count(3);
    await until(() => counted() === 3);
    // Until the answer has come too.
    await pause(250);
    for (let start = 0; start < 3; start += 1) {
      door.shut();
      count(5);
      await node.close();
      node = await openEdgeNode();
      door.leadTo(node.url);
      door.open();
      await until(() => counted() === 5);
      count(1);
      await until(() => counted() === 6);
      await pause(250);
      expect(counted()).toBe(6);
    }
  });

  test('of two edges is counted together', async () => {
    report();
    const second = new Meter();
    second.answered(200, 0.001);
    const other = reportReadings(link, { reading: async () => second.read(), onTrouble: () => {}, everyMs: 20 });
    count(2);
    await until(() => counted() === 3);
    await other.stop();
    expect(counted()).toBe(3);
  });
});

test('a node that does not answer does not hold up an edge that stops', async () => {
  const odd = await openOddNode('http://127.0.0.1:9');
  odd.answer('/readings', () => {});
  const slow = new Link({ from: odd.url, token: edgeToken });
  const onTrouble = (error: unknown): void => void troubles.push(error);
  const reporter = reportReadings(slow, { reading: () => meter.read(), onTrouble, everyMs: 20 });
  await until(() => odd.asked.length > 0);
  const beganAt = performance.now();
  await reporter.stop();
  expect(performance.now() - beganAt).toBeLessThan(6000);
  expect(troubles.length).toBeGreaterThan(0);
  slow.close();
  await odd.close();
});
