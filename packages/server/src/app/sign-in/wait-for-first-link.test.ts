import { expect, test } from 'vitest';
import { lateStore } from '../late-store.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { actionsOf, ada, nowMs, putPerson } from './people.fixture.ts';
import { waitForFirstLink } from './wait-for-first-link.ts';

const openStore = temporaryStores();
const options = (stopping = new AbortController()) => ({ nowMs: () => nowMs, signal: stopping.signal, everyMs: 5 });

test('a link is made as soon as the database that was away at the start is there', async () => {
  const store = await openStore();
  let asked = 0;
  const late = lateStore(() => {
    asked += 1;
    return asked < 4 ? undefined : store;
  });
  expect(await waitForFirstLink(late, options())).toMatch(/^sluice_first_/);
  expect(asked).toBe(4);
  expect(await actionsOf(store)).toEqual(['link.made']);
});

test('no link is made where there is an administrator by then', async () => {
  const store = await openStore();
  await putPerson(store, ada, { roles: ['admin'] });
  expect(
    await waitForFirstLink(
      lateStore(() => store),
      options(),
    ),
  ).toBeUndefined();
});

test('nobody waits for it any more when the node stops', async () => {
  const stopping = new AbortController();
  const waiting = waitForFirstLink(
    lateStore(() => undefined),
    { ...options(stopping), everyMs: 3_600_000 },
  );
  stopping.abort();
  expect(await waiting).toBeUndefined();
});

test('what nobody expected is not waited out', async () => {
  const broken = lateStore(() => {
    throw new Error('a bug');
  });
  await expect(waitForFirstLink(broken, options())).rejects.toThrow('a bug');
});
