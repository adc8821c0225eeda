import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryStores } from '../app/temporary-store.fixture.ts';
import type { CountBatch } from '../count.ts';
import { aCount } from './a-series.fixture.ts';
import { GatheredCounts } from './gathered-counts.ts';
import { mergeIntoStore } from './merge-into-store.ts';
import { type BringBatch, type Sending, type SendingOptions, sendCounts } from './send-counts.ts';

const openStore = temporaryStores();
const nowMs = (): number => Date.now();
const query = { events: ['check', 'uncounted'], product: 'MyApp', fromMs: 0, toMs: 1e15 } as const;

let sending: Sending | undefined;
const troubles: unknown[] = [];
afterEach(async () => {
  await sending?.stop();
  sending = undefined;
  troubles.length = 0;
});

function send(bring: BringBatch, options: Partial<SendingOptions> = {}): GatheredCounts {
  const gathered = new GatheredCounts({ makeSource: () => 'a source', mostPerBatch: 3 });
  const onTrouble = (error: unknown): void => void troubles.push(error);
  sending = sendCounts({ gathered, bring, everyMs: 10, nowMs, spread: () => 1, onTrouble, ...options });
  return gathered;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await isSo()); await pause(5)) {
    if (Date.now() > deadline) throw new Error('it never came to be');
  }
}

describe('what was counted', () => {
  test('is in the store once, whatever becomes of the answers', async () => {
    const store = await openStore();
    const merge = mergeIntoStore(store, { nowMs, binMs: 1000 });
    let attempts = 0;
    // Two of three get no answer: one that did not arrive, and one that did.
    const gathered = send(
      async (batch) => {
        attempts += 1;
        if (attempts % 3 === 0) throw new Error('did not arrive');
        await merge(batch);
        if (attempts % 3 === 1) throw new Error('got no answer');
      },
      { lastMs: 30_000 },
    );
    const tell = (round: number): void => {
      const counts = Array.from({ length: 7 }, (_, at) => aCount({ version: `${at}`, count: round }));
      gathered.take('a', counts, nowMs());
    };
    for (let round = 1; round <= 5; round += 1) {
      tell(round);
      await pause(20);
    }
    await until(async () => (await store.read((view) => view.countSum(query))) === 7 * 15);
    await sending?.stop();
    sending = undefined;
    expect(await store.read((view) => view.countSum(query))).toBe(7 * 15);
    const [source] = await store.read((view) => view.countSources());
    expect(source).toMatchObject({ source: 'a source', ended: true });
    expect(attempts).toBeGreaterThanOrEqual(6);
  });

  test('waits while it cannot be brought, the same batch first, and the trouble is told once', async () => {
    const brought: CountBatch[] = [];
    const asked: CountBatch[] = [];
    let isAway = true;
    const gathered = send(async (batch) => {
      asked.push(batch);
      if (isAway) throw new Error('away');
      brought.push(batch);
    });
    gathered.take('a', [aCount()], nowMs());
    await until(() => asked.length === 2);
    gathered.take('a', [aCount({ count: 2 })], nowMs());
    await until(() => asked.length === 3);
    expect(new Set(asked)).toEqual(new Set([asked[0]]));
    expect(troubles).toHaveLength(1);
    expect(sending?.state()).toMatchObject({ batches: 0, waitingBatches: 1, waitingCounts: 1 });
    isAway = false;
    await until(() => brought.length >= 2);
    expect(brought.map(({ sequence }) => sequence).slice(0, 2)).toEqual([1, 2]);
    expect(brought.flatMap(({ counts }) => counts.map(({ count }) => count))).toEqual([3]);
    expect(sending?.state()).toMatchObject({ waitingCounts: 0, broughtAtMs: expect.any(Number) });
  });

  test('before and at the end is brought too', async () => {
    const brought: CountBatch[] = [];
    const end = { source: 'before', sequence: 9, throughMs: 0, counts: [], last: true } as const;
    const gathered = send(async (batch) => brought.push(batch), {
      everyMs: 60_000,
      first: [end],
      onLast: () => gathered.take('a', [aCount({ count: 4 })], nowMs()),
    });
    await until(() => brought.length === 2);
    await sending?.stop();
    sending = undefined;
    expect(brought).toMatchObject([
      end,
      { sequence: 1, counts: [] },
      { sequence: 2, last: true, counts: [{ count: 4 }] },
    ]);
  });
});

test('what is brought to nobody who answers does not hold up a node that stops', async () => {
  send(() => new Promise(() => {}));
  const beganAt = performance.now();
  await sending?.stop();
  sending = undefined;
  expect(performance.now() - beganAt).toBeLessThan(10_000);
});
