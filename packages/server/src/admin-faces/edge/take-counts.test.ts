import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CountBatch } from '../../count.ts';
import { aCount } from '../../counting/a-series.fixture.ts';
import { Problem } from '../../problem.ts';
import { bringCounts } from '../../sources/edge/bring-counts.ts';
import { Link } from '../../sources/edge/link.ts';
import { type EdgeNode, edgeToken, openEdgeNode } from './edge-node.fixture.ts';

const brought: CountBatch[] = [];
let isAway = false;
let node: EdgeNode;
let link: Link;
beforeEach(async () => {
  brought.length = 0;
  isAway = false;
  node = await openEdgeNode({
    bringCounts: (batch) => {
      if (isAway) throw new Problem('store-unavailable', 'away');
      brought.push(batch);
    },
  });
  link = new Link({ from: node.url, token: edgeToken });
});
afterEach(async () => {
  link.close();
  await node.close();
});

function aBatch(more: object = {}): CountBatch {
  return { source: randomUUID(), sequence: 1, throughMs: 1000, counts: [aCount()], ...more };
}

async function post(body: unknown, token = edgeToken): Promise<number> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${node.url}/edge/v1/counts`, { method: 'POST', headers, body: text });
  await response.text();
  return response.status;
}

describe('a batch of an edge', () => {
  test('is brought on as it is, and acknowledged then only', async () => {
    const batches = [aBatch(), aBatch({ sequence: Number.MAX_SAFE_INTEGER, counts: [], last: true })];
    for (const batch of batches) await bringCounts(link, batch);
    expect(brought).toEqual(batches);
    isAway = true;
    await expect(bringCounts(link, aBatch())).rejects.toMatchObject({ code: 'source-unavailable' });
    expect(brought).toHaveLength(2);
    expect(node.bugs).toEqual([]);
  });

  test('is taken as large as an edge makes it', async () => {
    const long = 'x'.repeat(75);
    const counts = Array.from({ length: 2000 }, (_, at) =>
      aCount({ version: `${at}`.padEnd(75, '?'), product: long, channel: long, release: 'r'.repeat(200) }),
    );
    await bringCounts(link, aBatch({ counts }));
    expect(brought[0]?.counts).toHaveLength(2000);
  });

  test('is for those with a token', async () => {
    expect(await post(aBatch(), 'another-token-of-thirty-two-characters')).toBe(401);
    expect(await post(aBatch())).toBe(204);
  });

  test.each([
    ['no JSON', '{'],
    ['another shape', []],
    ['a source that is no UUID', aBatch({ source: 'x' })],
    ['no sequence', aBatch({ sequence: 0 })],
    ['another field', aBatch({ more: 1 })],
    ['a count of nothing', aBatch({ counts: [aCount({ count: 0 })] })],
    ['half a count', aBatch({ counts: [aCount({ count: 0.5 })] })],
    ['an event that there is not', aBatch({ counts: [{ ...aCount(), event: 'x' }] })],
    ['a name that is too long', aBatch({ counts: [aCount({ version: 'x'.repeat(257) })] })],
    ['a time before all', aBatch({ throughMs: -1 })],
    ['too many counts', aBatch({ counts: Array.from({ length: 2001 }, () => aCount()) })],
    ['many mistakes', aBatch({ counts: Array.from({ length: 1000 }, () => ({})) })],
  ])('with %s is a mistake', async (_, body) => {
    expect(await post(body)).toBe(400);
    expect(brought).toEqual([]);
    expect(node.bugs).toEqual([]);
  });
});
