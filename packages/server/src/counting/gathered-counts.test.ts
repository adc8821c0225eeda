import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountBatch } from '../count.ts';
import { aCount, sumOf } from './a-series.fixture.ts';
import { GatheredCounts, type GatheredOptions } from './gathered-counts.ts';

function gather(options: Partial<GatheredOptions> = {}): GatheredCounts {
  let made = 0;
  return new GatheredCounts({
    makeSource: () => {
      made += 1;
      return `source ${made}`;
    },
    ...options,
  });
}

describe('a batch', () => {
  test('has what all processes counted, added up by series and bin', () => {
    const gathered = gather();
    gathered.take('a', [aCount({ count: 2 }), aCount({ binMs: 1000 })], 1500);
    gathered.take('b', [aCount({ count: 3 }), aCount({ version: '2.0' })], 1600);
    expect(gathered.cut(2000)).toEqual([
      {
        source: 'source 1',
        sequence: 1,
        throughMs: 1500,
        counts: [aCount({ count: 5 }), aCount({ binMs: 1000 }), aCount({ version: '2.0' })],
      },
    ]);
    expect(gathered.cut(2000)).toEqual([{ source: 'source 1', sequence: 2, throughMs: 1500, counts: [] }]);
  });

  test('comes no further than the slowest process that lives has told, and waits for nobody else', () => {
    const gathered = gather();
    const through = (nowMs: number) => gathered.cut(nowMs).at(-1)?.throughMs;
    expect(through(100)).toBe(100);
    gathered.begin('a', 110);
    gathered.begin('b', 120);
    expect(through(200)).toBe(110);
    gathered.take('a', [], 300);
    expect(through(310)).toBe(120);
    gathered.take('b', [], 305);
    expect(through(310)).toBe(300);
    gathered.end('a');
    expect(through(400)).toBe(305);
    gathered.end('b');
    expect(through(500)).toBe(500);
  });

  test('holds so many counts, and says that all is told with the last of them only', () => {
    const gathered = gather({ mostPerBatch: 2 });
    gathered.cut(50);
    const counts = Array.from({ length: 5 }, (_, at) => aCount({ version: `${at}` }));
    gathered.take('a', counts, 100);
    const batches = gathered.cut(100, true);
    expect(batches.map((batch) => batch.counts.length)).toEqual([2, 2, 1]);
    expect(batches.map(({ throughMs }) => throughMs)).toEqual([50, 50, 100]);
    expect(batches.map(({ last }) => last)).toEqual([undefined, undefined, true]);
  });

  test('is the last of its source where the clock was set back, and another source goes on', () => {
    const gathered = gather();
    gathered.take('a', [aCount()], 5000);
    gathered.cut(5000);
    gathered.take('a', [aCount({ count: 4 })], 2000);
    expect(gathered.cut(2000)).toMatchObject([
      { source: 'source 1', sequence: 2, throughMs: 5000, last: true, counts: [{ count: 4 }] },
      { source: 'source 2', sequence: 1, throughMs: 2000, counts: [] },
    ]);
    gathered.take('a', [], 3000);
    expect(gathered.cut(3000)).toMatchObject([{ source: 'source 2', sequence: 2, throughMs: 3000 }]);
  });
});

test('more than may wait is counted without its version, in its bin', () => {
  const gathered = gather({ mostWaiting: 3 });
  gathered.take(
    'a',
    Array.from({ length: 10 }, (_, at) => aCount({ version: `${at}`, binMs: 1000 * (at % 2) })),
    1,
  );
  const counts = gathered.cut(1).flatMap((batch) => batch.counts);
  expect(sumOf(counts)).toBe(10);
  expect(counts).toHaveLength(5);
  expect(counts.filter(({ event }) => event === 'uncounted').map(({ binMs, count }) => [binMs, count])).toEqual([
    [1000, 4],
    [0, 3],
  ]);
});

test('whatever is counted and whenever it is cut, each count is in one batch, and no source goes back', () => {
  const step = fc.record({
    process: fc.constantFrom('a', 'b', 'c'),
    versions: fc.array(fc.nat(30), { maxLength: 5 }),
    passesMs: fc.integer({ min: -500, max: 2000 }),
    does: fc.constantFrom('take', 'take', 'take', 'cut', 'end'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gathered = gather({ mostPerBatch: 3, mostWaiting: 10 });
      const batches: CountBatch[] = [];
      let nowMs = 100_000;
      let counted = 0;
      for (const { process, versions, passesMs, does } of steps) {
        nowMs += passesMs;
        if (does === 'cut') batches.push(...gathered.cut(nowMs));
        else if (does === 'end') gathered.end(process);
        else {
          const counts = versions.map((version) => aCount({ version: `${version}`, binMs: nowMs - (nowMs % 1000) }));
          gathered.take(process, counts, nowMs);
          counted += counts.length;
        }
      }
      batches.push(...gathered.cut(nowMs, true));
      expect(sumOf(batches.flatMap(({ counts }) => counts))).toBe(counted);
      const bySource = groupBySource(batches);
      for (const own of bySource.values()) {
        expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, at) => at + 1));
        const through = own.map(({ throughMs }) => throughMs);
        expect(through).toEqual([...through].sort((a, b) => a - b));
        expect(own.findIndex(({ last }) => last === true)).toBe(own.length - 1);
      }
    }),
    { seed: 51, numRuns: 300 },
  );
});

function groupBySource(batches: readonly CountBatch[]): ReadonlyMap<string, readonly CountBatch[]> {
  const groups = new Map<string, CountBatch[]>();
  for (const batch of batches) {
    const own = groups.get(batch.source);
    if (own === undefined) groups.set(batch.source, [batch]);
    else own.push(batch);
  }
  return groups;
}
