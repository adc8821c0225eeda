import { afterEach, expect, test, vi } from 'vitest';
import type { Transactions } from '../store.ts';
import { forgetOld } from './forget-old.ts';
import { lateStore } from './late-store.ts';
import { makeToken } from './sign-in/make-token.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openStore = temporaryStores();
const dayMs = 86_400_000;
const days = { audit: 1, counts: 3, readings: 2, notices: 4 };
afterEach(() => {
  vi.useRealTimers();
});

test('what has expired long ago is forgotten within the hour, and so are audit entries where they are not kept', async () => {
  const store = await openStore();
  await store.commit([{ kind: 'user', name: 'ada@example.org', body: { roles: [], disabled: false } }], {
    atMs: 1,
    author: 'a',
    reason: 'b',
  });
  const owner = { kind: 'user', name: 'ada@example.org' } as const;
  await makeToken(store, { name: 'old', owner, expiresAtMs: dayMs, by: 'local:test' }, 1000);
  await makeToken(store, { name: 'newer', owner, expiresAtMs: 100 * dayMs, by: 'local:test' }, 2000);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const troubles: unknown[] = [];
  const forgetting = forgetOld(store, {
    nowMs: () => 50 * dayMs,
    days,
    onTrouble: (error) => void troubles.push(error),
  });
  vi.advanceTimersByTime(3_600_000);
  await forgetting.stop();
  expect(troubles).toEqual([]);
  const [tokens, entries] = await store.read(async (view) => [
    await view.credentials({ kind: 'token', limit: 10 }),
    await view.audit({ limit: 10 }),
  ]);
  expect(tokens.map((token) => token.kind === 'token' && token.name)).toEqual(['newer']);
  expect(entries.map(({ action }) => action)).toEqual(['audit.removed']);
});

test('counts, readings and notices are kept for as many days as are set, and waiting notices longer', async () => {
  const store = await openStore();
  const series = { event: 'check', product: 'P', channel: 'c', version: '1', release: '', rule: 0 } as const;
  const of = [1, 2, 3, 4, 5].map((age) => (50 - age) * dayMs);
  await store.write(async (transaction) => {
    const counts = of.map((binMs) => ({ ...series, binMs, count: 1 }));
    await transaction.mergeCounts({ source: 'a', sequence: 1, throughMs: 0, counts }, 0);
    await transaction.putReadings(of.map((asOfMs) => ({ signal: 's', asOfMs, atMs: 0, by: 'system', note: '' })));
    for (const createdAtMs of of) {
      for (const state of ['waiting', 'delivered'] as const) {
        const times = { createdAtMs, sendAtMs: 0, nextAtMs: createdAtMs };
        const about = { event: 'armed', notifier: 'mail', change: 1, state, attempts: 0 } as const;
        await transaction.putNotice({ id: `${state} ${createdAtMs}`, ...about, ...times });
      }
    }
  });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const troubles: unknown[] = [];
  const forgetting = forgetOld(store, {
    nowMs: () => 50 * dayMs,
    days,
    onTrouble: (error) => void troubles.push(error),
  });
  vi.advanceTimersByTime(3_600_000);
  await forgetting.stop();
  expect(troubles).toEqual([]);
  const left = await store.read(async (view) => [
    await view.countSum({ events: ['check'], product: 'P', fromMs: 0, toMs: 50 * dayMs }),
    (await view.readings({ signal: 's', limit: 10 })).length,
    (await view.notices({ states: ['delivered'], limit: 10 })).length,
    (await view.notices({ states: ['waiting'], limit: 10 })).length,
  ]);
  expect(left).toEqual([3, 2, 4, 5]);
});

test('a node that stops waits for no more than the step that is being done', async () => {
  const store = await openStore();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const troubles: unknown[] = [];
  let steps = 0;
  const late = lateStore(
    () => store,
    () => steps++ > 0,
  );
  const forgetting = forgetOld(late, {
    nowMs: () => 50 * dayMs,
    days,
    onTrouble: (error) => void troubles.push(error),
  });
  vi.advanceTimersByTime(3_600_000);
  await forgetting.stop();
  expect([steps, troubles]).toEqual([2, []]);
});

test('a log that is not as it was written is told of, and stays as it is', async () => {
  const store = await openStore();
  await store.write((transaction) =>
    transaction.append({ atMs: 1, actor: 'system', action: 'link.made', subject: 'link 1', detail: {} }),
  );
  const altered: Transactions = {
    ...store,
    read: (work) =>
      store.read((view) =>
        work({
          ...view,
          audit: async (query) =>
            (await view.audit(query)).map((entry) => ({ ...entry, actor: 'user:eve@example.org' })),
          auditHead: () => view.auditHead(),
        }),
      ),
  };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const troubles: unknown[] = [];
  const forgetting = forgetOld(altered, {
    nowMs: () => 50 * dayMs,
    days,
    onTrouble: (error) => void troubles.push(error),
  });
  vi.advanceTimersByTime(3_600_000);
  await forgetting.stop();
  expect(troubles).toMatchObject([{ code: 'store-corrupt', detail: expect.stringContaining('entry 1') }]);
  expect(await store.read((view) => view.audit({ limit: 10 }))).toHaveLength(1);
});
