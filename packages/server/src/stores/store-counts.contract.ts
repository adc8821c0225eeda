import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BinCount, CountBatch, CountQuery } from '../count.ts';
import type { Store } from '../store.ts';
import type { StorePlace } from './store-place.contract.ts';

const all: CountQuery = { events: ['check'], product: 'P', fromMs: 0, toMs: 1e15 };

function countOf(more: Partial<BinCount> = {}): BinCount {
  const series = { event: 'check', product: 'P', channel: 'c', version: '1', release: '', rule: 0 } as const;
  return { ...series, binMs: 60_000, count: 1, ...more };
}

function batchOf(source: string, sequence: number, counts: readonly BinCount[] = []): CountBatch {
  return { source, sequence, throughMs: sequence * 1000, counts };
}

/** The part of the suite that is about what nodes have counted. */
export function describeCounts(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const merge = (batch: CountBatch, atMs = 5) => store.write((transaction) => transaction.mergeCounts(batch, atMs));
    const sum = (query: Partial<CountQuery> = {}) => store.read((view) => view.countSum({ ...all, ...query }));
    const sources = () => store.read((view) => view.countSources());

    test('add up by all that a question may name', async () => {
      const odd = 'ü\0\ud83d\\"';
      await merge(
        batchOf('a', 1, [
          countOf(),
          countOf({ count: 10, channel: 'd' }),
          countOf({ count: 100, version: odd, binMs: 120_000 }),
          countOf({ count: 1000, release: odd, rule: 7 }),
          countOf({ count: 10_000, event: 'forced-check', release: 'r', rule: 8 }),
          countOf({ count: 100_000, product: 'Q' }),
          // The same once more, in the same batch.
          countOf({ count: 1_000_000 }),
        ]),
      );
      expect(await sum()).toBe(1_001_111);
      expect(await sum({ events: [] })).toBe(0);
      expect(await sum({ events: ['forced-check', 'check', 'failed'] })).toBe(1_011_111);
      expect(await sum({ channel: 'd' })).toBe(10);
      expect(await sum({ version: odd })).toBe(100);
      expect(await sum({ release: odd })).toBe(1000);
      expect(await sum({ release: '' })).toBe(1_000_111);
      expect(await sum({ rule: 7 })).toBe(1000);
      expect(await sum({ rule: 8 })).toBe(0);
      expect(await sum({ offered: true })).toBe(1000);
      expect(await sum({ product: 'Q' })).toBe(100_000);
      expect(await sum({ product: odd })).toBe(0);
      expect(await sum({ fromMs: 60_000, toMs: 120_000 })).toBe(1_001_011);
      expect(await sum({ fromMs: 60_000.5 })).toBe(100);
      expect(await sum({ fromMs: 0.5, toMs: 59_999.5 })).toBe(0);
    });

    test('a batch is merged once, and one that comes after a later one is not merged at all', async () => {
      expect(await merge(batchOf('a', 1, [countOf()]), 10)).toBe(true);
      expect(await merge(batchOf('a', 1, [countOf()]), 20)).toBe(false);
      expect(await merge(batchOf('a', 3, [countOf({ count: 10 })]), 30)).toBe(true);
      expect(await merge(batchOf('a', 2, [countOf({ count: 100 })]), 40)).toBe(false);
      expect(await merge(batchOf('b', 2, [countOf({ count: 1000 })]), 50)).toBe(true);
      expect(await sum()).toBe(1011);
      expect(await sources()).toEqual([
        { source: 'a', sequence: 3, throughMs: 3000, seenAtMs: 30, ended: false },
        { source: 'b', sequence: 2, throughMs: 2000, seenAtMs: 50, ended: false },
      ]);
      const both = await store.write((transaction) =>
        Promise.all([1, 2].map(() => transaction.mergeCounts(batchOf('c', 1, [countOf({ count: 10_000 })]), 5))),
      );
      expect(both.sort()).toEqual([false, true]);
      expect(await sum()).toBe(11_011);
    });

    test('how far a source has come never goes back, and its end stays', async () => {
      await merge({ ...batchOf('a\0', 1), throughMs: 900.7, last: true });
      await merge({ ...batchOf('a\0', 2), throughMs: 500 }, 6.5);
      expect(await sources()).toEqual([{ source: 'a\0', sequence: 2, throughMs: 900, seenAtMs: 6, ended: true }]);
    });

    test('a batch goes with its transaction, wholly or not at all', async () => {
      const failing = store.write(async (transaction) => {
        expect(await transaction.mergeCounts(batchOf('a', 1, [countOf()]), 5)).toBe(true);
        expect(await transaction.countSum(all)).toBe(1);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect([await sum(), await sources()]).toEqual([0, []]);
      expect(await merge(batchOf('a', 1, [countOf()]))).toBe(true);
      expect(await sum()).toBe(1);
    });

    test('a batch of thousands fits, and a count that cannot be told exactly any more stays where it is', async () => {
      const many = Array.from({ length: 4000 }, (_, i) => countOf({ version: `${i % 1500}`, binMs: 60_000 * (i % 8) }));
      await merge(batchOf('a', 1, many));
      await merge(batchOf('a', 2, many));
      expect(await sum()).toBe(8000);
      const vast = countOf({ product: 'Q', count: Number.MAX_SAFE_INTEGER });
      await merge(batchOf('a', 3, [vast, vast]));
      for (let i = 4; i < 8; i++) await merge(batchOf('a', i, [vast]));
      expect(await sum({ product: 'Q' })).toBe(Number.MAX_SAFE_INTEGER);
    });

    test('of two who merge at once neither is lost', async () => {
      const other = await place.open();
      const each = async (handle: Store, source: string) => {
        for (let i = 1; i <= 20; i++) {
          const counts = [countOf(), countOf({ version: `${i}`, channel: source })];
          // Told twice, as after an answer that was lost.
          for (let j = 0; j < 2; j++)
            await handle.write((transaction) => transaction.mergeCounts(batchOf(source, i, counts), i));
        }
      };
      await Promise.all([each(store, 'a'), each(other, 'b')]);
      expect(await sum()).toBe(80);
      expect(await sum({ version: '7' })).toBe(2);
      expect((await sources()).map(({ sequence }) => sequence)).toEqual([20, 20]);
    });

    test('what begins before a time is forgotten, and so are sources that were seen before it, but for the newest thousand', async () => {
      await merge(
        batchOf('a', 1, [countOf({ count: 10 }), countOf({ binMs: 120_000 }), countOf({ version: 'old' })]),
        7,
      );
      await merge(batchOf('b', 1), 8);
      const others = Array.from({ length: 1000 }, (_, i) => `('${i}', 1, 1000, ${8 + i}, 0)`);
      await place.run(
        `insert into count_sources (source, sequence, through_ms, seen_at_ms, ended) values ${others.join()}`,
      );
      const nothing = { credentials: 0, replays: 0 };
      await store.write((transaction) => transaction.forgetBefore(nothing));
      expect([await sum(), (await sources()).length]).toEqual([12, 1002]);
      await store.write((transaction) => transaction.forgetBefore({ ...nothing, counts: 8 }));
      expect([await sum(), (await sources()).length]).toEqual([12, 1001]);
      await store.write((transaction) => transaction.forgetBefore({ ...nothing, counts: 120_000 }));
      expect([await sum(), (await sources()).length]).toEqual([1, 1000]);
      await merge(batchOf('a', 9, [countOf({ version: 'old', binMs: 180_000 })]));
      expect(await sum({ version: 'old' })).toBe(1);
    });

    test('any order and repetition of what arrives comes to the same sums as each source that went on', () => {
      const counts = fc.array(
        fc.record({
          version: fc.constantFrom('1', '2'),
          binMs: fc.constantFrom(0, 60_000),
          count: fc.integer({ min: 1, max: 9 }),
        }),
        { maxLength: 4 },
      );
      const arrival = fc.record({
        source: fc.constantFrom('a', 'b'),
        sequence: fc.integer({ min: 1, max: 4 }),
        counts,
      });
      let run = 0;
      return fc.assert(
        fc.asyncProperty(fc.array(arrival, { maxLength: 12 }), async (arrivals) => {
          // Each run has a world of its own in the one store.
          run += 1;
          const product = `P${run}`;
          const model = new Map<string, number>();
          const reached = new Map<string, number>();
          for (const { source, sequence, counts } of arrivals) {
            const isNew = sequence > (reached.get(source) ?? 0);
            const batch = batchOf(
              `${source} ${run}`,
              sequence,
              counts.map((count) => countOf({ ...count, product })),
            );
            expect(await merge(batch)).toBe(isNew);
            if (!isNew) continue;
            reached.set(source, sequence);
            for (const { version, binMs, count } of counts) {
              const key = `${version} ${binMs}`;
              model.set(key, (model.get(key) ?? 0) + count);
            }
          }
          for (const version of ['1', '2']) {
            for (const binMs of [0, 60_000]) {
              const query = { product, version, fromMs: binMs, toMs: binMs + 60_000 };
              expect(await sum(query)).toBe(model.get(`${version} ${binMs}`) ?? 0);
            }
          }
        }),
        { seed: 5, numRuns: process.env['SLUICE_SOAK'] === '1' ? 200 : 8 },
      );
    });
  });
}
