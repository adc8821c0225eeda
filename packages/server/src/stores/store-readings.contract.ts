import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReadingQuery, StoredReading } from '../signal.ts';
import type { Store } from '../store.ts';
import type { StorePlace } from './store-place.contract.ts';

function readingOf(asOfMs: number, more: Partial<StoredReading> = {}): StoredReading {
  return { signal: 's', asOfMs, atMs: 5, by: 'system', value: asOfMs, note: '', ...more };
}

/** The part of the suite that is about what was read of signals. */
export function describeReadings(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const put = (...readings: readonly StoredReading[]) =>
      store.write((transaction) => transaction.putReadings(readings));
    const list = (query: Partial<ReadingQuery> = {}) =>
      store.read((view) => view.readings({ signal: 's', limit: 1000, ...query }));
    const times = async (query: Partial<ReadingQuery> = {}) => (await list(query)).map(({ asOfMs }) => asOfMs);

    test('come back as they were, times in whole milliseconds', async () => {
      const odd = 'ü\0\ud83d\\"\n';
      const { value: _, ...unknown } = readingOf(9, { signal: odd, by: odd, note: odd });
      const values = [0, -1.5, 1e308, 5e-324, 2 ** 53 + 2, 0.1, Math.PI];
      await put(unknown, ...values.map((value, i) => readingOf(i, { value })));
      expect(await list({ signal: odd })).toEqual([unknown]);
      expect((await list()).map(({ value }) => value).reverse()).toEqual(values);
      await put(readingOf(20.9, { atMs: 30.9, value: -0 }));
      expect(await list({ limit: 1 })).toEqual([readingOf(20, { atMs: 30, value: 0 })]);
    });

    test('are written over by those of the same signal and time', async () => {
      await put(readingOf(1), readingOf(1, { value: 2 }), readingOf(1, { signal: 't' }));
      await put(readingOf(1, { value: 3, note: 'again' }));
      expect(await list()).toEqual([readingOf(1, { value: 3, note: 'again' })]);
      const { value: _, ...unknown } = readingOf(1);
      await put(unknown);
      expect(await list()).toEqual([unknown]);
      expect(await list({ signal: 't' })).toHaveLength(1);
    });

    test('are listed newest first, a page at a time, from a moment on', async () => {
      await put(...[3, 1, 4, 2, 5].map((asOfMs) => readingOf(asOfMs)));
      expect(await times()).toEqual([5, 4, 3, 2, 1]);
      expect(await times({ limit: 2 })).toEqual([5, 4]);
      expect(await times({ limit: 2, beforeMs: 4 })).toEqual([3, 2]);
      expect(await times({ fromMs: 3 })).toEqual([5, 4, 3]);
      expect(await times({ fromMs: 2.5, beforeMs: 4.5 })).toEqual([4, 3]);
      expect(await times({ signal: 'none' })).toEqual([]);
      await expect(list({ limit: 1001 })).rejects.toThrow(RangeError);
    });

    test('the newest of many signals are found at once', async () => {
      const many = Array.from({ length: 1200 }, (_, i) => `signal ${i}`);
      await put(...many.slice(0, 1100).flatMap((signal) => [readingOf(1, { signal }), readingOf(2, { signal })]));
      const newest = await store.read((view) => view.newestReadings([...many, 'signal 0']));
      expect(newest).toHaveLength(1100);
      expect(new Set(newest.map(({ signal }) => signal))).toEqual(new Set(many.slice(0, 1100)));
      expect(new Set(newest.map(({ asOfMs }) => asOfMs))).toEqual(new Set([2]));
      expect(await store.read((view) => view.newestReadings([]))).toEqual([]);
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])('one of %d is refused, and all with it', async (value) => {
      await expect(put(readingOf(1), readingOf(2, { value }))).rejects.toThrow(RangeError);
      expect(await list()).toEqual([]);
    });

    test('those of before a time are forgotten, and nothing else', async () => {
      await put(...[99, 100, 101].map((asOfMs) => readingOf(asOfMs)));
      await store.write((transaction) => transaction.forgetBefore({ credentials: 0, replays: 0, counts: 1000 }));
      expect(await times()).toEqual([101, 100, 99]);
      await store.write((transaction) => transaction.forgetBefore({ credentials: 0, replays: 0, readings: 100 }));
      expect(await times()).toEqual([101, 100]);
    });
  });
}
