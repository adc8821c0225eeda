import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf } from './count-of.fixture.ts';
import { MergedReadings } from './merged-readings.ts';
import type { Count, MeterReading } from './meter-reading.ts';

const requests = (status: number, value: number): Count => ({ name: 'requests', labels: [String(status)], value });

/** What happens to the sources: one counts and reports, one ends, one starts anew under its name. */
type Step = { readonly source: number } & (
  | { readonly kind: 'report'; readonly status: number; readonly more: number }
  | { readonly kind: 'retire' | 'restart' }
);

const source = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('report' as const),
    source,
    status: fc.integer({ min: 200, max: 203 }),
    more: fc.integer({ min: 0, max: 1e6 }),
  }),
  fc.record({ kind: fc.constantFrom('retire' as const, 'restart' as const), source }),
);

/** Sources that do as they are told, each process of them under a name of its own. */
function play(steps: readonly Step[], merged: MergedReadings, afterEach: () => void): ReadonlyMap<number, number> {
  const counted = new Map<number, Map<number, number>>();
  const starts = new Map<number, number>();
  const sums = new Map<number, number>();
  for (const told of steps) {
    const name = () => `${told.source} ${starts.get(told.source) ?? 0}`;
    if (told.kind === 'retire') merged.retire(name());
    if (told.kind === 'restart') {
      merged.retire(name());
      starts.set(told.source, (starts.get(told.source) ?? 0) + 1);
      counted.delete(told.source);
    }
    if (told.kind === 'report') {
      const own = counted.get(told.source) ?? new Map<number, number>();
      own.set(told.status, (own.get(told.status) ?? 0) + told.more);
      counted.set(told.source, own);
      sums.set(told.status, (sums.get(told.status) ?? 0) + told.more);
      merged.put(
        name(),
        [...own].map(([status, value]) => requests(status, value)),
      );
    }
    afterEach();
  }
  return sums;
}

describe('the total of many sources', () => {
  test('is exactly what they counted, whoever reports, ends, is heard again or starts anew, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const merged = new MergedReadings();
        const sums = play(steps, merged, () => {});
        expect(new Map(merged.total().map(({ labels: [status], value }) => [Number(status), value]))).toEqual(sums);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test('never goes down, not even when sources are forgotten or tell nonsense', () => {
    const reading: fc.Arbitrary<MeterReading> = fc.array(
      fc.tuple(fc.integer({ min: 200, max: 205 }), fc.integer({ min: 0, max: 10 })).map(([s, v]) => requests(s, v)),
      { maxLength: 4 },
    );
    const says = fc.record({ source: fc.integer({ min: 0, max: 9 }), reading, retires: fc.boolean() });
    fc.assert(
      fc.property(fc.array(says, { maxLength: 60 }), (said) => {
        const merged = new MergedReadings({ maxSources: 3, maxSeries: 4 });
        let before: MeterReading = [];
        for (const { source: name, reading: told, retires } of said) {
          if (name < 2) merged.putOwn(`${name}`, told);
          else merged.put(`${name}`, told);
          if (retires) merged.retire(`${name}`);
          const after = merged.total();
          for (const { name: counter, labels, value } of before)
            expect(countOf(after, counter, ...labels)).toBeGreaterThanOrEqual(value);
          before = after;
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('does not depend on the order in which sources are heard', () => {
    const sources = fc.array(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        sources.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
        ),
        ([list, order]) => {
          const merged = new MergedReadings();
          for (const at of order)
            merged.put(
              `${at}`,
              (list[at] ?? []).map((value, status) => requests(status, value)),
            );
          for (const status of [0, 1, 2]) {
            const sum = list.reduce((total, values) => total + (values[status] ?? 0), 0);
            expect(countOf(merged.total(), 'requests', `${status}`)).toBe(sum);
          }
        },
      ),
      { seed: 4 },
    );
  });
});

describe('more sources than there may be', () => {
  const many = fc.record({
    source: fc.integer({ min: 0, max: 11 }),
    more: fc.integer({ min: 0, max: 1e6 }),
    laterMs: fc.constantFrom(0, 0, 0, 1000, 3_600_000),
    retires: fc.boolean(),
  });

  test('are each counted exactly as far as they were let in, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(many, { maxLength: 100 }), (steps) => {
        const merged = new MergedReadings({ maxSources: 3 });
        const counted = new Map<number, number>();
        const heard = new Map<number, number>();
        for (const { source: name, more } of steps) {
          const own = (counted.get(name) ?? 0) + more;
          counted.set(name, own);
          if (merged.put(`${name}`, [requests(200, own)])) heard.set(name, own);
        }
        expect(heard.size).toBe(Math.min(3, counted.size));
        const sum = [...heard.values()].reduce((total, value) => total + value, 0);
        expect(countOf(merged.total(), 'requests', '200') ?? 0).toBe(sum);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test('never make more of it than they counted, whoever falls silent, ends, comes back or is own', () => {
    fc.assert(
      fc.property(fc.array(many, { maxLength: 100 }), (steps) => {
        let nowMs = 0;
        const merged = new MergedReadings({ maxSources: 3, nowMs: () => nowMs });
        const counted = new Map<number, number>();
        let before = 0;
        for (const { source: name, more, laterMs, retires } of steps) {
          nowMs += laterMs;
          const own = (counted.get(name) ?? 0) + more;
          counted.set(name, own);
          if (name < 2) merged.putOwn(`${name}`, [requests(200, own)]);
          else merged.put(`${name}`, [requests(200, own)]);
          if (retires) merged.retire(`${name}`);
          const total = countOf(merged.total(), 'requests', '200') ?? 0;
          expect(total).toBeGreaterThanOrEqual(before);
          expect(total).toBeLessThanOrEqual([...counted.values()].reduce((sum, value) => sum + value, 0));
          before = total;
        }
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});

describe('a source', () => {
  test('that counts less than before has started anew', () => {
    const merged = new MergedReadings();
    merged.put('edge', [requests(200, 10)]);
    merged.put('edge', [requests(200, 3)]);
    merged.put('edge', [requests(200, 5)]);
    expect(countOf(merged.total(), 'requests', '200')).toBe(15);
  });

  test('that no longer tells of something it counted has started anew', () => {
    const merged = new MergedReadings();
    merged.put('edge', [requests(200, 10), requests(404, 1)]);
    merged.put('edge', [requests(200, 20)]);
    expect(countOf(merged.total(), 'requests', '200')).toBe(30);
    expect(countOf(merged.total(), 'requests', '404')).toBe(1);
  });

  test('that reports once more after it was retired is not counted twice', () => {
    const merged = new MergedReadings();
    merged.put('worker 1', [requests(200, 10)]);
    merged.retire('worker 1');
    merged.put('worker 1', [requests(200, 11)]);
    expect(countOf(merged.total(), 'requests', '200')).toBe(11);
  });

  test('that is one too many is refused and counts nothing, until there is a place for it', () => {
    const merged = new MergedReadings({ maxSources: 2 });
    for (const name of ['a', 'b']) expect(merged.put(name, [requests(200, 1)])).toBe(true);
    expect(merged.put('c', [requests(200, 10)])).toBe(false);
    expect(merged.put('a', [requests(200, 2)])).toBe(true);
    expect(countOf(merged.total(), 'requests', '200')).toBe(3);
    merged.retire('b');
    expect(merged.put('c', [requests(200, 10)])).toBe(true);
    expect(merged.put('d', [requests(200, 10)])).toBe(false);
    expect(countOf(merged.total(), 'requests', '200')).toBe(13);
  });

  test('that is a process of this node is never refused, and takes no place from one that lives', () => {
    const merged = new MergedReadings({ maxSources: 2, silentMs: 0 });
    for (const name of ['worker 1', 'worker 2', 'worker 3']) merged.putOwn(name, [requests(200, 1)]);
    expect(merged.put('edge', [requests(200, 1)])).toBe(false);
    for (const name of ['worker 1', 'worker 2', 'worker 3']) merged.putOwn(name, [requests(200, 2)]);
    expect(countOf(merged.total(), 'requests', '200')).toBe(6);
  });

  test('gives up its place only after an hour of silence, and then goes on from what it says next', () => {
    let nowMs = 0;
    const merged = new MergedReadings({ maxSources: 2, nowMs: () => nowMs });
    merged.put('a', [requests(200, 100)]);
    nowMs = 10;
    merged.put('b', [requests(200, 10)]);
    nowMs = 3_599_999;
    expect(merged.put('c', [requests(200, 1)])).toBe(false);
    nowMs = 3_600_000;
    expect(merged.put('c', [requests(200, 1)])).toBe(true);
    expect(merged.put('a', [requests(200, 101)])).toBe(false);
    nowMs = 3_600_010;
    expect(merged.put('a', [requests(200, 150)])).toBe(true);
    expect(countOf(merged.total(), 'requests', '200')).toBe(111);
    merged.put('a', [requests(200, 157)]);
    expect(countOf(merged.total(), 'requests', '200')).toBe(118);
  });

  test('that tells of more series than there may be is counted, under other', () => {
    const merged = new MergedReadings({ maxSeries: 10 });
    for (const source of ['a', 'b'])
      merged.put(
        source,
        Array.from({ length: 100 }, (_, at) => requests(100 + at, 1)),
      );
    expect(merged.total()).toHaveLength(11);
    expect(countOf(merged.total(), 'requests', 'other')).toBe(180);
    expect(countOf(merged.total(), 'requests', '100')).toBe(2);
  });
});
