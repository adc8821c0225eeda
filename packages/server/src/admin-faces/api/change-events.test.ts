import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiApp } from '../../api-app.ts';
import { furnish, made, operator, patched, user } from '../../app/changes/changing.fixture.ts';
import type { Principal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { type ApiWorld, apiWorlds } from './api-app.fixture.ts';
import { type ChangeEventsOptions, changeEvents } from './change-events.ts';

const openWorld = apiWorlds();
let world: ApiWorld;
beforeEach(async () => {
  world = await openWorld();
  await furnish(world.shop);
});

const priority = (version: number) => patched('rule', '10', version, { priority: version });
const thunderbird = (name: string) => made('rule', name, { priority: 1, product: 'Thunderbird' });

interface ReadEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
}

/** Reads a stream of events, as the HTML Standard has it; comments and bare ids are left out of `next`. */
function readerOf(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  const decoder = new TextDecoder();
  let text = '';
  const block = async (): Promise<string | undefined> => {
    for (let end = text.indexOf('\n\n'); ; end = text.indexOf('\n\n')) {
      if (end >= 0) {
        const one = text.slice(0, end);
        text = text.slice(end + 2);
        return one;
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  };
  return {
    block,
    async next(): Promise<ReadEvent | undefined> {
      for (;;) {
        const lines = (await block())?.split('\n');
        if (lines === undefined) return undefined;
        const fields = Object.fromEntries(
          lines.map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
        );
        const { id, event, data } = fields as { id?: string; event?: string; data?: string };
        if (data !== undefined)
          return { ...(id !== undefined && { id }), ...(event !== undefined && { event }), data: JSON.parse(data) };
      }
    },
    leave: () => reader.cancel(),
  };
}

function listenerIn(options: ChangeEventsOptions = {}, more: Partial<ApiApp> = {}) {
  const app = { ...world.app, ...more };
  const listen = changeEvents(app, options);
  return async (principal: Principal, lastSeq?: number) =>
    readerOf(
      await listen({
        caller: { principal },
        lastSeq,
        identify: () => app.identify({ method: 'GET', headers: new Headers(world.by(principal).headers) }),
      }),
    );
}

const idOf = (event: ReadEvent | undefined) => [event?.id, event?.event];

describe('who listens', () => {
  test('is told where they begin, and then of each act on a change that they may see', async () => {
    const ed = await listenerIn()(user('ed'));
    expect(await ed.block()).toBe('id: 2');
    await world.shop.propose(operator, [thunderbird('20')]);
    await world.shop.propose(user('ed'), [priority(1)]);
    world.hint();
    const data = { change: 3, at: '2026-11-21T12:00:00.000Z', actor: 'user:ed@example.org', state: 'enacted' };
    expect(await ed.next()).toEqual({
      id: '5',
      event: 'change.proposed',
      data: { ...data, action: 'change.proposed' },
    });
    expect(await ed.next()).toEqual({ id: '6', event: 'change.enacted', data: { ...data, action: 'change.enacted' } });
    await ed.leave();
    expect(world.watching()).toBe(0);
  });

  test('is told also where no hint comes', async () => {
    const ed = await listenerIn()(user('ed'));
    await ed.block();
    await world.shop.propose(user('ed'), [priority(1)]);
    expect(idOf(await ed.next())).toEqual(['3', 'change.proposed']);
    await ed.leave();
  });

  test('goes on after the event that they heard last, however many there were meanwhile', async () => {
    for (let version = 1; version <= 150; version++) await world.shop.propose(user('ed'), [priority(version)]);
    const ed = await listenerIn()(user('ed'), 3);
    const ids = [];
    for (let i = 4; i <= 302; i++) ids.push((await ed.next())?.id);
    expect(ids).toEqual(Array.from({ length: 299 }, (_, i) => String(i + 4)));
    await ed.leave();
  });

  test('is told that events are missing, where they were removed or the log is another', async () => {
    await world.shop.propose(user('ed'), [priority(1)]);
    await world.shop.store.write(async (tx) => {
      await tx.removeAudit(2);
    });
    const listen = listenerIn();
    const [removed, ahead, neither] = [
      await listen(user('ed'), 1),
      await listen(user('ed'), 9),
      await listen(user('ed'), 2),
    ];
    expect(await removed.next()).toEqual({ id: '2', event: 'missed', data: {} });
    expect(idOf(await removed.next())).toEqual(['3', 'change.proposed']);
    expect(await ahead.next()).toEqual({ id: '4', event: 'missed', data: {} });
    expect(idOf(await neither.next())).toEqual(['3', 'change.proposed']);
    for (const one of [removed, ahead, neither]) await one.leave();
  });

  test('hears something also when nothing happens, until they are not let in any more', async () => {
    const ed = await listenerIn({ keepAliveMs: 20 })(user('ed'));
    await ed.block();
    expect([await ed.block(), await ed.block()]).toEqual([': 2', ': 2']);
    world.forget(user('ed'));
    expect(await ed.next()).toBeUndefined();
    expect(world.watching()).toBe(0);
  });

  test('is told later of what happened while the database was away, and nobody could say who they are', async () => {
    const { store } = world.shop;
    let isAway = false;
    const away = new Problem('store-unavailable', 'away');
    const identify: ApiApp['identify'] = async (request) => {
      if (isAway) throw away;
      return world.app.identify(request);
    };
    const changing = {
      ...world.shop.changing,
      store: {
        ...store,
        read: async (work: Parameters<typeof store.read>[0]) => {
          if (isAway) throw away;
          return store.read(work);
        },
      } as typeof store,
    };
    const ed = await listenerIn({ keepAliveMs: 50 }, { changing, identify })(user('ed'));
    await ed.block();
    isAway = true;
    await world.shop.propose(user('ed'), [priority(1)]);
    world.hint();
    expect([await ed.block(), await ed.block()]).toEqual([': 2', ': 2']);
    isAway = false;
    expect(idOf(await ed.next())).toEqual(['3', 'change.proposed']);
    await ed.leave();
  });

  test('is one too many when there are many, of all or of one caller, until one leaves', async () => {
    const listen = listenerIn({ most: 3, mostEach: 2 });
    const first = await listen(user('ed'));
    const others = [await listen(user('ed'))];
    await expect(listen(user('ed'))).rejects.toThrow('2 of yours listen already');
    others.push(await listen(user('eve')));
    await expect(listen(user('ada'))).rejects.toThrow('3 listen already');
    await first.leave();
    others.push(await listen(user('ada')));
    for (const one of others) await one.leave();
    expect(world.watching()).toBe(0);
  });

  test('is sent away when the node stops, and nobody can come then', async () => {
    const listen = listenerIn();
    const ed = await listen(user('ed'));
    await ed.block();
    world.stop();
    expect(await ed.next()).toBeUndefined();
    await expect(listen(user('ed'))).rejects.toThrow('this node stops');
    expect(world.watching()).toBe(0);
  });
});

describe('over a socket', () => {
  test('one hears of changes, comes back where one was, is forgotten when one goes, and holds up no node that stops', () =>
    world.listening(async (url) => {
      const path = `${url}/api/v1/changes/events`;
      const { headers } = world.by(user('ed'));
      const response = await fetch(path, { headers });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const ed = readerOf(response);
      await ed.block();
      await world.shop.propose(user('ed'), [priority(1)]);
      world.hint();
      const heard = await ed.next();
      expect(idOf(heard)).toEqual(['3', 'change.proposed']);
      await ed.leave();
      for (const deadline = Date.now() + 5000; world.watching() > 0; await pause(5)) {
        if (Date.now() > deadline) throw new Error('who has gone is still told');
      }
      await world.shop.propose(operator, [thunderbird('20')]);
      await world.shop.propose(user('ed'), [priority(2)]);
      const again = readerOf(await fetch(path, { headers: { ...headers, 'Last-Event-ID': heard?.id ?? '' } }));
      expect([idOf(await again.next()), idOf(await again.next()), idOf(await again.next())]).toEqual([
        ['4', 'change.enacted'],
        ['7', 'change.proposed'],
        ['8', 'change.enacted'],
      ]);
      world.stop();
      expect(await again.next()).toBeUndefined();
      expect((await fetch(path, { headers })).status).toBe(429);
      expect(world.bugs).toEqual([]);
    }));

  test('one must be let in, and say a number as the last event', () =>
    world.listening(async (url) => {
      const path = `${url}/api/v1/changes/events`;
      expect((await fetch(path)).status).toBe(401);
      const { headers } = world.by(user('ed'));
      expect((await fetch(path, { headers: { ...headers, 'Last-Event-ID': 'x' } })).status).toBe(400);
      expect((await fetch(`${path}?x=1`, { headers })).status).toBe(400);
    }));
});
