import { setTimeout as pause } from 'node:timers/promises';
import type { Condition, Reading } from 'sluice';
import { afterEach, describe, expect, test } from 'vitest';
import type { SignalBody } from '../kinds/signal.ts';
import { Problem } from '../problem.ts';
import { type FakeServer, fakeServer } from './fake-server.fixture.ts';
import { type AgentOptions, type OpenAgent, openAgent } from './open-agent.ts';

const running: OpenAgent[] = [];
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.stop();
});

const log = { info: () => {}, warn: () => {}, error: () => {} };

function start(server: FakeServer, more: Partial<AgentOptions> = {}, holder?: string): OpenAgent {
  const agent = openAgent({
    api: server.api(holder),
    settings: { passMs: 50, ownEveryMs: 50, leaseSeconds: 1 },
    readOutside: async () => ({ asOfMs: Date.now(), note: 'nothing is outside' }),
    nowMs: Date.now,
    draw: () => 0.5,
    log,
    ...more,
  });
  running.push(agent);
  return agent;
}

const at = (ms: number): Condition => ({ time: { after: new Date(ms).toISOString() } });
const past = at(Date.now() - 3_600_000);
const url = 'https://metrics.example.org/';
const errors: SignalBody = { source: 'prometheus', query: 'errors', url, every: 'PT1S', timeout: 'PT1S' };
const fewErrors: Condition = { signal: { name: 'errors', op: '<', value: 10 } };

async function until(is: () => boolean, mostMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + mostMs; !is(); await pause(5))
    if (Date.now() > deadline) throw new Error('It did not come to that.');
}

const idsOf = (server: FakeServer) => server.enacted.map(({ id }) => id);

describe('what is due', () => {
  test('is enacted at its moment and not before, and a change of one’s mind is heeded', async () => {
    const server = fakeServer();
    const dueMs = Date.now() + 400;
    const first = server.put({ condition: at(dueMs) });
    const vetoed = server.put({ condition: at(dueMs) });
    const edited = server.put({ condition: at(dueMs) });
    start(server, { settings: { passMs: 1000, ownEveryMs: 1000, leaseSeconds: 1 } });
    await until(() => server.asked.has('pending'));
    server.end(vetoed, 'vetoed');
    server.put({ id: edited, condition: at(dueMs + 3_600_000) });
    await until(() => server.enacted.length > 0);
    await pause(100);
    expect(idsOf(server)).toEqual([first]);
    expect(server.enacted[0]?.atMs).toBeGreaterThanOrEqual(dueMs);
    expect(server.enacted[0]?.atMs).toBeLessThan(dueMs + 2000);
  });

  test('comes in the order of its time, its priority and its number', async () => {
    const server = fakeServer();
    const early = at(Date.now() - 7_200_000);
    const since = { sinceMs: Date.now() - 86_400_000 };
    const [d, c, a, b] = [
      server.put({ condition: past, ...since }),
      server.put({ condition: past, priority: 5, ...since }),
      server.put({ condition: early, ...since }),
      server.put({ condition: past, priority: 7, ...since }),
    ];
    start(server);
    await until(() => server.enacted.length === 4);
    expect(idsOf(server)).toEqual([a, b, c, d]);
  });

  test('is nothing that waits for people only', async () => {
    const server = fakeServer();
    server.put({ condition: { now: true } });
    server.put({ condition: { approval: { role: 'qa', count: 1 } } });
    const both = server.put({ condition: { all: [past, { approval: { role: 'qa', count: 1 } }] } });
    server.put({ condition: past, isInConflict: true });
    start(server);
    await until(() => server.enacted.length > 0);
    await pause(150);
    expect(idsOf(server)).toEqual([both]);
  });

  test('is what another change makes possible, as soon as that is enacted, and for long enough', async () => {
    const server = fakeServer();
    const first = server.put({ condition: at(Date.now() + 200) });
    const second = server.put({ condition: { change: { id: first, state: 'enacted', for: 'PT0.3S' } } });
    start(server);
    await until(() => server.enacted.length === 2);
    expect(idsOf(server)).toEqual([first, second]);
    expect((server.enacted[1]?.atMs ?? 0) - (server.enacted[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(300);
    expect(server.announced).toContain(second);
    expect(server.announced).not.toContain(first);
  });

  test('is asked for too when its time has passed, so that the server can say so', async () => {
    const server = fakeServer();
    const over = server.put({ condition: { time: { before: new Date(Date.now() - 1000).toISOString() } } });
    const asked: number[] = [];
    server.onEnact = async (id) => {
      asked.push(id);
      server.end(id, 'failed');
      return { state: 'failed', problem: { code: 'change-not-due', detail: 'its time has passed' } };
    };
    const agent = start(server);
    await until(() => asked.length > 0);
    await pause(150);
    expect(asked).toEqual([over]);
    expect(await agent.meter.text()).toContain('sluice_agent_failures_total{problem="change-not-due"} 1');
  });
});

describe('one change that', () => {
  test.each<[string, (ended: Promise<void>) => ReturnType<FakeServer['onEnact']>]>([
    ['fails', () => Promise.reject(new Problem('api-unavailable', 'a bug'))],
    ['hangs', (ended) => ended.then(() => ({ state: 'pending' }))],
    ['is answered with nonsense', () => Promise.resolve({ state: 'draft' })],
    ['breaks the agent’s own code', () => Promise.reject(new TypeError('x is not a function'))],
  ])('%s delays no other', async (_, poison) => {
    const server = fakeServer();
    const ids = Array.from({ length: 40 }, () => server.put({ condition: past }));
    const bad = ids[3] ?? 0;
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    server.onEnact = async (id) => (id === bad ? poison(ended) : undefined);
    start(server);
    const began = Date.now();
    await until(() => server.enacted.length === 39);
    expect(Date.now() - began).toBeLessThan(4000);
    expect(idsOf(server)).toEqual(ids.filter((id) => id !== bad));
    end();
    await until(() => server.attempts.length > 1);
    expect(new Set(server.attempts.map(({ id }) => id))).toEqual(new Set([bad]));
  });
});

describe('what is refused', () => {
  test('for want of a sign-off is no failure, and is tried again when the change is altered', async () => {
    const server = fakeServer();
    const id = server.put({ condition: past });
    let isSigned = false;
    server.onEnact = async () =>
      isSigned ? undefined : Promise.reject(new Problem('sign-offs-missing', '0 of 1 sign-offs'));
    const agent = start(server);
    await until(() => server.asked.has('enact'));
    await pause(200);
    expect(server.asked.get('enact')).toBe(1);
    isSigned = true;
    server.put({ id, condition: past });
    await until(() => server.enacted.length === 1);
    expect(server.attempts).toEqual([]);
    expect(await agent.meter.text()).toContain('sluice_agent_refusals_total{problem="sign-offs-missing"} 1');
  });

  test('for want of an announcement that is there no more is announced anew', async () => {
    const server = fakeServer();
    const id = server.put({ condition: past });
    server.onEnact = async () => Promise.reject(new Problem('notice-missing', 'it has not been announced'));
    start(server);
    await until(() => server.announced.length > 0);
    expect(server.announced).toEqual([id]);
  });

  test('until a moment is tried again at that moment', async () => {
    const server = fakeServer();
    server.put({ condition: past });
    const retryAtMs = Date.now() + 400;
    server.onEnact = async () =>
      Date.now() < retryAtMs ? Promise.reject(new Problem('notice-missing', 'not yet', [], { retryAtMs })) : undefined;
    start(server);
    await until(() => server.enacted.length === 1);
    expect(server.asked.get('enact')).toBe(2);
    expect(server.enacted[0]?.atMs).toBeLessThan(retryAtMs + 2000);
  });
});

describe('a server that', () => {
  test('does not let the agent in is asked slowly, and nothing is enacted', async () => {
    const server = fakeServer();
    server.put({ condition: past });
    server.trouble = new Problem('sign-in-needed', 'the token was revoked');
    const agent = start(server);
    await until(() => server.asked.size > 0);
    await pause(300);
    expect([...server.asked.values()]).toEqual([1]);
    expect(agent.health()).toMatchObject({ isReady: false, trouble: expect.stringContaining('the token was revoked') });
    expect(await agent.meter.text()).toContain('sluice_agent_ready 0');
  });

  test('is away is asked again until it is back', async () => {
    const server = fakeServer();
    const agent = start(server);
    await until(() => agent.health().isReady);
    server.put({ condition: past });
    server.trouble = new Problem('store-unavailable', 'the database is away');
    await until(() => !agent.health().isReady);
    await pause(300);
    expect(server.enacted).toEqual([]);
    server.trouble = undefined;
    await until(() => server.enacted.length === 1);
    expect(agent.health().isReady).toBe(true);
  });
});

test('a clock that is set back has nothing wait for moments of before', async () => {
  let aheadMs = 3_600_000;
  const clock = () => Date.now() + aheadMs;
  const server = fakeServer(clock);
  const condition: Condition = { signal: { checks: { product: 'Firefox' }, op: '>', value: 5 } };
  const id = server.put({ condition, sinceMs: 0 });
  let value = 10;
  server.own = () => ({ asOfMs: clock(), value, note: '' });
  let isBusy = true;
  server.onEnact = async () => (isBusy ? Promise.reject(new Problem('store-busy', 'others write')) : undefined);
  start(server, { nowMs: clock });
  await until(() => server.asked.has('enact'));
  aheadMs = 0;
  isBusy = false;
  value = 11;
  const later = server.put({ condition: past });
  await until(() => server.enacted.length === 2);
  expect(new Set(idsOf(server))).toEqual(new Set([id, later]));
});

describe('two agents', () => {
  test('enact everything once and in its order, though one ends in the middle', async () => {
    const server = fakeServer();
    const ids = Array.from({ length: 60 }, () => server.put({ condition: past }));
    server.onEnact = async () => void (await pause(5));
    const first = start(server, {}, 'first');
    start(server, {}, 'second');
    await until(() => server.enacted.length > 20);
    await first.stop();
    await until(() => server.enacted.length === 60);
    expect(idsOf(server)).toEqual(ids);
  });
});

describe('signals', () => {
  test('are read once each, however many changes ask, told to the server, and acted upon', async () => {
    const server = fakeServer();
    for (let i = 0; i < 50; i += 1) server.put({ condition: fewErrors });
    server.define({ name: 'errors', version: 1, body: errors }, { name: 'not asked for', version: 1, body: errors });
    let value = 20;
    let reads = 0;
    const readOutside = async (): Promise<Reading> => {
      reads += 1;
      return { asOfMs: Date.now(), value, note: 'of a test' };
    };
    start(server, { readOutside });
    await until(() => server.reported.length === 1);
    await pause(200);
    expect([reads, server.enacted.length]).toEqual([1, 0]);
    value = 5;
    await until(() => server.enacted.length === 50);
    expect(reads).toBe(2);
    expect(server.announced.length).toBeGreaterThanOrEqual(50);
    expect(server.reported).toMatchObject([
      { name: 'errors', value: 20 },
      { name: 'errors', value: 5 },
    ]);
  });

  test('of the server’s own are asked for together, once in a look, and their past once at all', async () => {
    const server = fakeServer();
    for (let i = 0; i < 400; i += 1) {
      const checks = { product: `Product ${i % 50}` };
      server.put({ condition: { signal: { checks, op: '>', value: 1000 + i } } });
    }
    server.own = () => ({ asOfMs: Date.now(), value: 1, note: '' });
    const agent = start(server, { settings: { passMs: 50, ownEveryMs: 0, leaseSeconds: 1 } });
    await until(() => (server.asked.get('readOwn') ?? 0) >= 5);
    await agent.stop();
    const looks = (server.asked.get('pending') ?? 0) + (server.asked.get('statesSince') ?? 0);
    expect(server.asked.get('readOwn')).toBeLessThanOrEqual(looks);
    expect(server.asked.get('history')).toBe(50);
  });

  test('that hang hold up neither others nor what waits for a time', async () => {
    const server = fakeServer();
    server.put({ condition: fewErrors });
    server.define({ name: 'errors', version: 1, body: errors }, { name: 'good', version: 1, body: errors });
    const good = server.put({ condition: { signal: { name: 'good', op: '>', value: 0 } } });
    let reads = 0;
    const readOutside = ((): Promise<Reading> => {
      reads += 1;
      return reads === 1 ? new Promise(() => {}) : Promise.resolve({ asOfMs: Date.now(), value: 1, note: '' });
    }) satisfies AgentOptions['readOutside'];
    const timed = server.put({ condition: past });
    start(server, { readOutside });
    await until(() => server.enacted.length === 2);
    expect(new Set(idsOf(server))).toEqual(new Set([good, timed]));
  });

  test('of which the server refuses something hold up no others', async () => {
    const server = fakeServer();
    server.put({ condition: fewErrors });
    const gone: Condition = { signal: { checks: { product: 'Gone' }, op: '>', value: 5 } };
    server.put({ condition: gone });
    const own = server.put({ condition: { signal: { checks: { product: 'Firefox' }, op: '>', value: 5 } } });
    const later = server.put({ condition: { signal: { name: 'later', op: '>=', value: 0 } } });
    server.define({ name: 'errors', version: 1, body: errors });
    server.own = () => ({ asOfMs: Date.now(), value: 10, note: '' });
    server.refused = (key) => key === 'signal/errors' || key.includes('Gone');
    start(server, { readOutside: async () => ({ asOfMs: Date.now(), value: 1, note: '' }) });
    await until(() => server.enacted.length === 1);
    server.define({ name: 'later', version: 1, body: errors });
    await until(() => server.enacted.length === 2);
    expect(idsOf(server)).toEqual([own, later]);
  });

  test('that come true again are told of at once, however long the time before had to wait', async () => {
    const server = fakeServer();
    server.put({ condition: { signal: { checks: { product: 'Firefox' }, op: '>', value: 5 } } });
    let value = 10;
    server.own = () => ({ asOfMs: Date.now(), value, note: '' });
    server.onAnnounce = async () => ({ state: 'announced', enactableAtMs: Date.now() + 3_600_000 });
    start(server);
    for (const [i, next] of [1, 10, 1].entries()) {
      await until(() => server.announced.length === i + 1);
      value = next;
    }
    await until(() => server.announced.length === 4);
  });

  test('that are not true any more are told to the server, so that what was announced is taken back', async () => {
    const server = fakeServer();
    const id = server.put({ condition: { signal: { checks: { product: 'Firefox' }, op: '>', value: 5 } } });
    let value = 10;
    server.own = () => ({ asOfMs: Date.now(), value, note: '' });
    server.onAnnounce = async () => ({ state: 'announced', enactableAtMs: Date.now() + 3_600_000 });
    start(server);
    await until(() => server.announced.length === 1);
    value = 1;
    await until(() => server.announced.length === 2);
    await pause(200);
    expect(server.announced).toEqual([id, id]);
    expect(server.asked.has('enact')).toBe(false);
  });
});
