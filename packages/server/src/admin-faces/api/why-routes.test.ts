import type { Condition } from 'sluice';
import { expect, test } from 'vitest';
import { furnish, made, operator, patched, protect, startMs, user } from '../../app/changes/changing.fixture.ts';
import { enactChange } from '../../app/changes/enact-change.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { vetoChange } from '../../app/changes/veto-change.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');
const robot = { kind: 'service-account', name: 'robot' } as const;
const minuteMs = 60_000;
const crashRate = { source: 'prometheus', url: 'https://prometheus.example.org/', query: 'x', product: 'Firefox' };
const below: Condition = { signal: { name: 'crash-rate', op: '<', value: 10 } };

async function furnished(): Promise<ApiServer> {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [
    made('service-account', 'robot', { roles: ['agent'] }),
    made('signal', 'crash-rate', crashRate),
    made('notifier', 'nobody', { transport: 'none' }),
  ]);
  return server;
}

async function waiting({ workshop }: ApiServer, condition: Condition, patch: object = { comment: 'a word' }) {
  return (await workshop.propose(ed, [patched('rule', '10', 1, { ...patch })], { condition })).change.id;
}

const why = async (server: ApiServer, id: number) =>
  (await server.call('GET', `/api/v1/changes/${id}/why`, { token: await server.tokenOf(robot) })).body;

async function report(server: ApiServer, ...values: readonly number[]): Promise<void> {
  const readings = values.map((value, i) => ({
    signal: 'crash-rate',
    value,
    asOf: new Date(startMs + i * minuteMs).toISOString(),
    note: 'one sample',
  }));
  await server.call('POST', '/api/v1/readings', { token: await server.tokenOf(robot), body: { readings } });
}

test('a change that waits says for what: people, time, signals, each with what it comes to', async () => {
  const server = await furnished();
  await protect(server.workshop);
  const id = await waiting(server, { all: [{ time: { after: '2026-12-01T10:00:00Z' } }, below] });
  const found = await why(server, id);
  expect(found).toMatchObject({
    id,
    state: 'pending',
    isSigned: false,
    truth: 'false',
    proposer: 'user:ed@example.org',
  });
  expect(found.waitsFor).toEqual([
    '1 of 1 sign-offs as releng (policy releng)',
    '1 of 1 sign-offs as relman (policy relman)',
    expect.stringMatching(/^the time .*2026-12-01T10:00:00/),
    expect.stringMatching(/crash-rate.*nothing was read yet/),
  ]);
  expect(found.leaves).toMatchObject([
    { truth: 'false', expectedAt: '2026-12-01T10:00:00.000Z' },
    { truth: 'unknown', signal: 'signal/crash-rate' },
  ]);
  expect(found.expectedAt).toBeUndefined();
});

test('as a signal goes, it says when it is expected', async () => {
  const server = await furnished();
  const id = await waiting(server, below);
  server.workshop.setClock(startMs + 3 * minuteMs);
  await report(server, 40, 35, 30, 25);
  const found = await why(server, id);
  expect(found.leaves).toMatchObject([{ truth: 'false', reading: { value: 25, note: 'one sample' } }]);
  expect(found.expectedAt).toBe(new Date(startMs + 6 * minuteMs).toISOString());
});

test('the parts that another makes up for are not waited for', async () => {
  const server = await furnished();
  const id = await waiting(server, { any: [{ time: { after: '2026-11-01T10:00:00Z' } }, below] });
  const found = await why(server, id);
  expect([found.truth, found.waitsFor]).toEqual(['true', []]);
  expect(found.leaves).toHaveLength(2);
});

test('a freeze, a notice and attempts that failed are told', async () => {
  const server = await furnished();
  await server.workshop.propose(operator, [
    made('freeze', 'xmas', { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', reason: 'everybody is away' }),
  ]);
  const due = { time: { after: '2026-11-21T12:00:00Z' } };
  // What lowers a risk is not held.
  expect((await why(server, await waiting(server, due, { comment: 'y' }))).waitsFor).toEqual([]);
  const id = await waiting(server, due, { priority: 7 });
  const { version } = await server.workshop.change(id);
  await server.store.write((tx) =>
    tx.putClaim({
      change: id,
      version,
      holder: 'an-agent',
      untilMs: 0,
      failures: 2,
      nextAtMs: startMs + minuteMs,
      trouble: { problem: 'store-busy', detail: 'the database is busy', atMs: startMs },
    }),
  );
  const found = await why(server, id);
  expect(found.waitsFor).toEqual(['freeze xmas until 2026-11-22T00:00:00.000Z: everybody is away']);
  expect(found.expectedAt).toBe('2026-11-22T00:00:00.000Z');
  expect(found.notices).toMatchObject({ state: 'not-needed' });
  expect(found.attempts).toMatchObject({ failures: 2, problem: 'store-busy', detail: 'the database is busy' });
});

test('where an uptake lowers a share, what will come on top is told', async () => {
  const server = await furnished();
  const throughMs = startMs;
  const series = { event: 'check', product: 'Firefox', channel: 'release', version: '1.0' } as const;
  const counts = [{ ...series, release: 'Firefox-2.0', rule: 10, binMs: throughMs - minuteMs, count: 50 }];
  await server.store.write((tx) => tx.mergeCounts({ source: 'one', sequence: 1, throughMs, counts }, throughMs));
  await server.workshop.propose(operator, [
    made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT24H' }),
  ]);
  const uptake = { product: 'Firefox', version: '2.0' };
  const id = await waiting(server, { signal: { uptake, op: '>=', value: 1000 } }, { share: 0 });
  expect((await why(server, id)).overshoot).toMatchObject({
    installs: 1116,
    percent: 112,
    offersPerHour: 50,
    lagSeconds: 86_400,
  });
});

test('of a change that is over it says what became of it, and on what that rested', async () => {
  const server = await furnished();
  const id = await waiting(server, below);
  await report(server, 3);
  await server.workshop.as(robot, async (desk) => enactChange(desk, await findChange(desk.tx, id)));
  const token = await server.tokenOf(ed);
  const { body } = await server.call('GET', `/api/v1/changes/${id}/why`, { token });
  expect(body).toMatchObject({
    state: 'enacted',
    waitsFor: [],
    leaves: [{ truth: 'true', signal: 'signal/crash-rate', reading: { value: 3 } }],
    end: { by: 'service-account:robot', revision: expect.any(Number), audit: expect.any(Number) },
  });
  const other = (await server.workshop.propose(ed, [patched('rule', '10', 2, { comment: 'x' })], { condition: below }))
    .change.id;
  await server.workshop.act(ed, other, (desk, change) => vetoChange(desk, change, 'no'));
  const vetoed = await server.call('GET', `/api/v1/changes/${other}/why`, { token });
  expect(vetoed.body).toMatchObject({ state: 'vetoed', waitsFor: [], end: { reason: 'no' } });
});
