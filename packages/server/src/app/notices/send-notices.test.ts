import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Notice } from '../../notice.ts';
import { Problem } from '../../problem.ts';
import type { Transactions } from '../../store.ts';
import { made, operator, patched, startMs, user } from '../changes/changing.fixture.ts';
import { vetoChange } from '../changes/veto-change.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { at, hook, hour, minute, noticingOver, outline, whenLoaded } from './noticing.fixture.ts';
import { bareMessage, busy, came, openEar, sendersForTest } from './sending.fixture.ts';

const openStore = temporaryStores();
const send = sendersForTest();
const now = { ...hook, groupWait: 'PT0S' };
const world = async (notifiers: Parameters<typeof noticingOver>[1] = { hook: now }) =>
  noticingOver(await openStore(), notifiers);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
/** Long enough for several looks. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('a notice', () => {
  test('is sent when its time has come, once', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 2 * hour));
    const { heard, ear } = openEar(() => came);
    send(shop.changing, ear);
    await until(() => expect(heard).toHaveLength(1));
    shop.setClock(startMs + hour);
    await until(() => expect(heard).toHaveLength(2));
    await aWhile();
    expect(heard.map((one) => one.map(({ notice }) => (notice.sendAtMs - startMs) / minute))).toEqual([[0], [60]]);
    expect(outline(await shop.notices(id))).toEqual([
      'hook scheduled delivered 0',
      'hook scheduled delivered 60',
      'hook scheduled waiting 105',
    ]);
    expect(await shop.ask(id)).toMatchObject({ state: 'announced', enactableAtMs: startMs + 15 * minute });
  });

  test('waits a little for more of its thread, and what is urgent takes the others along', async () => {
    const shop = await world({ hook });
    const { id } = await shop.schedule(whenLoaded);
    const { heard, ear } = openEar(() => came);
    send(shop.changing, ear);
    await aWhile();
    expect(heard).toEqual([]);
    await shop.read(11, startMs);
    await shop.ask(id);
    await until(() => expect(heard).toHaveLength(1));
    expect(heard[0]?.map(({ notice }) => notice.event).sort()).toEqual(['armed', 'crossed']);
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    await aWhile();
    expect(heard).toHaveLength(1);
    shop.setClock(startMs + 30_000);
    await until(() => expect(heard).toHaveLength(2));
    expect(heard[1]?.map(({ notice }) => notice.event)).toEqual(['enacted']);
  });

  test('is tried again, ever more rarely, under the same id and with the same others, until it is given up', async () => {
    const shop = await world();
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    const { heard, ear } = openEar(() => busy);
    send(shop.changing, ear);
    const waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    let clock = startMs;
    for (const [i, seconds] of waits.entries()) {
      await until(async () => expect(await shop.notices()).toMatchObject([{ attempts: i + 1, state: 'waiting' }]));
      expect(await shop.notices()).toMatchObject([{ nextAtMs: clock + seconds * 1000, trouble: 'busy' }]);
      clock += seconds * 1000;
      shop.setClock(clock);
    }
    await until(async () => expect(await shop.notices()).toMatchObject([{ state: 'failed', attempts: 10 }]));
    expect(new Set(heard.map((one) => one.map(({ notice }) => notice.group ?? notice.id).join())).size).toBe(1);
  });

  test('is not tried before the other side wants it', async () => {
    const shop = await world();
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    const { ear } = openEar(() => ({ ...busy, retryAtMs: startMs + hour }));
    send(shop.changing, ear);
    await until(async () => expect(await shop.notices()).toMatchObject([{ attempts: 1, nextAtMs: startMs + hour }]));
  });

  test('that was cut short by a crash is sent again under the same id, after a while', async () => {
    const shop = await world();
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    const [notice] = await shop.notices();
    if (notice === undefined) throw new Error('there is none');
    const cut = { ...notice, state: 'sending', attempts: 1, nextAtMs: startMs + minute, group: notice.id } as const;
    await shop.store.write((tx) => tx.putNotice(cut));
    const { heard, ear } = openEar(() => came);
    send(shop.changing, ear);
    await aWhile();
    expect(heard).toEqual([]);
    shop.setClock(startMs + minute);
    await until(async () =>
      expect(await shop.notices()).toMatchObject([{ id: cut.id, state: 'delivered', attempts: 2 }]),
    );
    expect(heard.flat().map(({ notice: { id } }) => id)).toEqual([cut.id]);
  });

  test('that nobody can make a message of holds no other up', async () => {
    const shop = await world();
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    await shop.propose(user('ed'), [patched('rule', '10', 3, { share: 40 })]);
    const { heard, ear } = openEar(() => came);
    const [bad] = await shop.notices();
    const { troubles } = send(shop.changing, ear, {
      render: async (_, notice) => {
        if (notice.id === bad?.id) throw new Error('no words');
        return bareMessage(notice);
      },
    });
    await until(() => expect(heard).toHaveLength(1));
    await until(() => expect(troubles).toHaveLength(1));
    expect(await shop.store.read((view) => view.notice(bad?.id ?? ''))).toMatchObject({
      state: 'waiting',
      attempts: 1,
    });
  });

  test('is not sent once it is not so any more', async () => {
    const shop = await world({ hook });
    const { id } = await shop.schedule(at(startMs + hour));
    await shop.act(user('ed'), id, (desk, change) => vetoChange(desk, change, 'no'));
    const { heard, ear } = openEar(() => came);
    shop.setClock(startMs + 2 * hour);
    send(shop.changing, ear);
    await aWhile();
    expect(heard).toEqual([]);
  });

  test('stays with those who have not had it yet', async () => {
    const shop = await world();
    await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
    const { heard, ear } = openEar((messages) => {
      const [first] = messages;
      return first?.notice.reached === undefined
        ? { ...busy, reached: [{ notice: first?.notice.id ?? '', recipient: 'ada' }] }
        : came;
    });
    send(shop.changing, ear);
    await until(async () => expect(await shop.notices()).toMatchObject([{ reached: ['ada'], deliveredAtMs: startMs }]));
    shop.setClock(startMs + 5000);
    await until(async () =>
      expect(await shop.notices()).toMatchObject([{ state: 'delivered', deliveredAtMs: startMs }]),
    );
    expect(heard).toHaveLength(2);
  });
});

test('one whose other side stalls does not keep the others waiting', async () => {
  const shop = await world({ hook: now, slow: { ...now, secret: 'slow' } });
  const { ear, heard } = openEar(async (messages) =>
    messages[0]?.notice.notifier === 'slow' ? new Promise(() => undefined) : came,
  );
  send(shop.changing, ear, { attemptMs: 60_000 });
  for (let i = 0; i < 5; i += 1) await shop.propose(user('ed'), [patched('rule', '10', 2 + i, { share: 30 + i })]);
  await until(() => expect(heard.filter(([one]) => one?.notice.notifier === 'hook')).toHaveLength(5));
  expect(heard.filter(([one]) => one?.notice.notifier === 'slow').length).toBeLessThanOrEqual(2);
});

test('what is under way is not sent again, though the clock jumps', async () => {
  const shop = await world({ hook: now });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { ear, heard } = openEar(() => ended.then(() => came));
  const sender = send(shop.changing, ear);
  await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
  await until(() => expect(heard).toHaveLength(1));
  shop.setClock(startMs + hour);
  await shop.propose(user('ed'), [patched('rule', '10', 3, { share: 31 })]);
  await until(() => expect(heard).toHaveLength(2));
  end();
  await until(async () => expect((await shop.notices()).every(({ state }) => state === 'delivered')).toBe(true));
  expect(heard.flat().map(({ notice: { attempts } }) => attempts)).toEqual([1, 1]);
  expect(sender.troubles).toEqual([]);
});

test('what came through while the store was away is not sent again, however long that was', async () => {
  const shop = await world({ hook: now });
  let isAway = false;
  const store: Transactions = {
    read: (look) => shop.store.read(look),
    write: async (work, options) => {
      if (isAway) throw new Problem('store-unavailable', 'away');
      return shop.store.write(work, options);
    },
  };
  const { ear, heard } = openEar(() => {
    isAway = true;
    return came;
  });
  send({ ...shop.changing, store }, ear, { attemptMs: 500 });
  await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
  await until(() => expect(heard).toHaveLength(1));
  await pause(1300);
  shop.setClock(startMs + minute);
  isAway = false;
  await until(async () => expect(await shop.notices()).toMatchObject([{ state: 'delivered', attempts: 1 }]));
});

test('two nodes send each notice once', async () => {
  const shop = await world();
  const { heard, ear } = openEar(async () => came);
  send(shop.changing, ear);
  send(shop.changing, ear);
  for (let i = 0; i < 30; i += 1) await shop.propose(user('ed'), [patched('rule', '10', 2 + i, { share: 10 + i })]);
  await until(async () => expect((await shop.notices()).every(({ state }) => state === 'delivered')).toBe(true));
  const ids = heard.flat().map(({ notice: { id } }) => id);
  expect(ids).toHaveLength(30);
  expect(new Set(ids).size).toBe(30);
});

describe('a notifier whose other side wants no more', () => {
  test('gets nothing more, however much was still to be sent to it', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + hour));
    const { heard, ear } = openEar(() => ({ kind: 'refused', trouble: 'gone', disable: true }));
    send(shop.changing, ear);
    await until(() => expect(heard).toHaveLength(1));
    const [later] = (await shop.notices(id)).filter(({ state }) => state === 'waiting');
    if (later === undefined) throw new Error('nothing waits');
    const due = { ...later, createdAtMs: startMs + 1, sendAtMs: startMs, nextAtMs: startMs };
    await shop.store.write(async (tx) => {
      for (let i = 0; i < 120; i += 1) await tx.putNotice({ ...due, id: randomUUID() });
    });
    const isDue = ({ state, nextAtMs }: Notice) => state === 'waiting' && nextAtMs === startMs;
    await until(async () => expect((await shop.notices(id)).some(isDue)).toBe(false));
    expect(heard).toHaveLength(1);
  });

  test('gets nothing more, and holds what is to be announced, until it has another version', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + hour));
    let isGone = true;
    const { heard, ear } = openEar(() => (isGone ? { kind: 'refused', trouble: 'gone', disable: true } : came));
    send(shop.changing, ear);
    await until(() => expect(heard).toHaveLength(1));
    await until(async () => expect(await shop.ask(id)).toMatchObject({ state: 'held' }));
    shop.setClock(startMs + 50 * minute);
    await until(async () => expect((await shop.notices(id)).every(({ state }) => state === 'failed')).toBe(true));
    expect(heard).toHaveLength(1);
    expect((await shop.ask(id)).says).toContain('wants no more');
    isGone = false;
    await shop.propose(operator, [patched('notifier', 'hook', 1, { vetoWindow: 'PT5M' })]);
    await until(async () => expect(await shop.ask(id)).toMatchObject({ state: 'announced' }));
  });
});

test('what is pending is announced by a notifier that is made later', async () => {
  const shop = await world({});
  const { id } = await shop.schedule(at(startMs + hour));
  const { heard, ear } = openEar(() => came);
  send(shop.changing, ear);
  await shop.propose(operator, [made('notifier', 'hook', now)]);
  await until(() => expect(heard.flat().map(({ notice }) => notice.change)).toContain(id));
});

test('a change that could be enacted but was not announced is held, and that is told and counted until it is', async () => {
  const shop = await world();
  const { id } = await shop.schedule(at(startMs + minute));
  let isDown = true;
  const { ear, heard } = openEar(() => (isDown ? busy : came));
  const { reading } = send(shop.changing, ear);
  for (const seconds of [0, 5, 305]) {
    shop.setClock(startMs + seconds * 1000);
    await until(async () => expect(heard.length).toBeGreaterThan(0));
    await aWhile();
  }
  await until(async () => expect((await shop.notices(id)).map(({ event }) => event)).toContain('held'));
  shop.setClock(startMs + 10 * minute);
  await until(() => expect(reading().survey).toMatchObject({ held: 1 }));
  expect(await shop.ask(id)).toMatchObject({ state: 'held', says: 'it could not be announced by hook: busy' });
  isDown = false;
  shop.setClock(startMs + 3 * hour);
  await until(async () => expect(await shop.ask(id)).toMatchObject({ state: 'announced' }));
  await until(async () => expect((await shop.notices(id)).filter(({ state }) => state === 'waiting')).toEqual([]));
});

test('a notifier that was silent for a week is tried out, once in a week', async () => {
  const shop = await world({ hook: now, quiet: { transport: 'none', product: 'Thunderbird' } });
  const { heard, ear } = openEar(() => came);
  const day = 24 * hour;
  send(shop.changing, ear);
  await aWhile();
  shop.setClock(startMs + 6 * day);
  await aWhile();
  expect(heard).toEqual([]);
  shop.setClock(startMs + 7 * day);
  await until(() => expect(heard).toHaveLength(1));
  shop.setClock(startMs + 8 * day);
  await aWhile();
  expect(heard.flat().map(({ notice }) => [notice.event, notice.change])).toEqual([['self-test', undefined]]);
});

test('what is being sent when the server stops is sent by the next one', async () => {
  const shop = await world();
  await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 30 })]);
  const slow = openEar(async (_, { signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { kind: 'later', trouble: 'broken off' };
  });
  const first = send(shop.changing, slow.ear);
  await until(() => expect(slow.heard).toHaveLength(1));
  await first.stop();
  const { heard, ear } = openEar(() => came);
  send(shop.changing, ear);
  await until(() => expect(heard.flat().map(({ notice }) => notice.id)).toEqual([slow.heard[0]?.[0]?.notice.id]));
});
