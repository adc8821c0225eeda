import { describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, startMs, user } from '../../app/changes/changing.fixture.ts';
import type { BinCount } from '../../count.ts';
import type { Principal } from '../../principal.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');
const eve = user('eve');
const robot = { kind: 'service-account', name: 'robot' } as const;
const minuteMs = 60_000;
const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();
const crashRate = { source: 'prometheus', url: 'https://prometheus.example.org/', query: 'x', product: 'Firefox' };

async function furnished(): Promise<ApiServer> {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [
    made('service-account', 'robot', { roles: ['agent'] }),
    made('signal', 'crash-rate', crashRate),
    made('signal', 'of Fennec', { ...crashRate, product: 'Fennec' }),
    made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT1H' }),
  ]);
  return server;
}

const as = async (server: ApiServer, who: Principal, method: string, path: string, body?: object) =>
  server.call(method, `/api/v1${path}`, { token: await server.tokenOf(who), body });
const report = (server: ApiServer, ...readings: readonly object[]) =>
  as(server, robot, 'POST', '/readings', { readings });
const crashes = (minutes: number, value?: number) => ({
  signal: 'crash-rate',
  asOf: at(minutes),
  ...(value === undefined ? { unknown: 'no data' } : { value }),
  note: 'of the last hour',
});
const listed = async (server: ApiServer, signal: string, more = '') =>
  (await as(server, robot, 'GET', `/readings?signal=${encodeURIComponent(signal)}${more}`)).body;

describe('what is reported', () => {
  test('is kept with who read it and when, and listed page by page, the newest first', async () => {
    const server = await furnished();
    const { status, body } = await report(server, crashes(-3, 0.1), crashes(-2), crashes(-1, 0.3));
    const stored = { signal: 'signal/crash-rate', stored: true };
    expect([status, body]).toEqual([200, { results: [stored, stored, stored] }]);
    const first = await listed(server, 'signal/crash-rate', '&limit=2');
    expect(first.readings).toEqual([
      {
        signal: 'signal/crash-rate',
        asOf: at(-1),
        value: 0.3,
        note: 'of the last hour',
        at: at(0),
        by: 'service-account:robot',
      },
      // As of just after what was known before.
      expect.objectContaining({ asOf: at(-3).replace('.000Z', '.001Z'), note: 'no data; of the last hour' }),
    ]);
    expect(first.readings[1]).not.toHaveProperty('value');
    const second = await listed(server, 'signal/crash-rate', `&limit=2&cursor=${first.next}`);
    expect([second.readings.length, second.readings[0].value, second.next]).toEqual([1, 0.1, undefined]);
    const since = await listed(server, 'signal/crash-rate', `&from=${at(-2)}`);
    expect(since.readings).toHaveLength(1);
  });

  test('never alters the past, and is not of the future; the others are taken all the same', async () => {
    const server = await furnished();
    await report(server, crashes(-5, 1));
    const { body } = await report(server, crashes(-6, 2), crashes(-5, 3), crashes(6, 4), crashes(5, 5), crashes(-1, 6));
    expect(body.results.map(({ stored }: { readonly stored: boolean }) => stored)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(body.results[2].detail).toBe(`it is of the future: ${at(6)}`);
    const { readings } = await listed(server, 'signal/crash-rate');
    expect(readings.map(({ value }: { readonly value: number }) => value)).toEqual([5, 6, 1]);
  });

  test('is worth nothing once its signal was altered', async () => {
    const server = await furnished();
    const by = (version: number, minutes: number) => ({ ...crashes(minutes, 1), version });
    expect((await report(server, by(1, -3))).body.results[0].stored).toBe(true);
    await server.workshop.propose(operator, [patched('signal', 'crash-rate', 1, { query: 'y' })]);
    const { readings } = await listed(server, 'signal/crash-rate');
    expect(readings[0]).toMatchObject({ note: 'the signal was altered: version 2', by: 'system' });
    expect(readings[0]).not.toHaveProperty('value');
    expect((await report(server, by(1, -2))).body.results[0]).toMatchObject({
      stored: false,
      detail: 'it was read by version 1; there is 2 now',
    });
    expect((await report(server, by(2, -2))).body.results[0].stored).toBe(true);
  });

  test('must be of a signal that there is, and only whoever may report there may', async () => {
    const server = await furnished();
    const { body } = await report(server, { ...crashes(-1, 1), signal: 'none' }, crashes(-1, 1));
    expect(body.results).toEqual([
      { signal: 'signal/none', stored: false, detail: 'there is no signal none' },
      { signal: 'signal/crash-rate', stored: true },
    ]);
    expect((await report(server, { ...crashes(-1, 1), signal: 'none' })).status).toBe(403);
    const byOthers = [ed, eve].map(async (who) => {
      const { status, body: refused } = await as(server, who, 'POST', '/readings', { readings: [crashes(-1, 1)] });
      return [status, refused.detail];
    });
    expect(await Promise.all(byOthers)).toEqual([
      [403, 'ed@example.org may not report signal crash-rate'],
      [403, 'there is no signal crash-rate'],
    ]);
  });

  test('has a time, and either a number or the reason why there is none', async () => {
    const server = await furnished();
    const more = [
      { value: 'high' },
      { value: 1, unknown: 'both' },
      {},
      { value: null },
      { value: 1, asOf: 'yesterday' },
      { value: 1, signal: 'a\u0000b' },
    ];
    for (const one of more) {
      const { status } = await report(server, { signal: 'crash-rate', asOf: at(-1), ...one });
      expect(status, JSON.stringify(one)).toBe(400);
    }
    const huge = `{"readings":[{"signal":"crash-rate","asOf":"${at(-1)}","value":1e999}]}`;
    const token = await server.tokenOf(robot);
    expect((await server.call('POST', '/api/v1/readings', { token, body: huge })).status).toBe(400);
  });
});

describe('our own counters', () => {
  const uptake = { uptake: { product: 'Firefox', version: '2.0' } };
  const key = 'uptake {"as":"count","from":"checks","product":"Firefox","version":"2.0"}';
  const check = (count: number, binMs: number): BinCount => {
    const series = { product: 'Firefox', channel: 'release', release: '', rule: 0 } as const;
    return { event: 'check', version: '2.0', binMs, count, ...series };
  };
  const source = 'b9a4c1a2-0d64-4d2c-9f0d-6f7f0b9b1c11';
  const count = ({ store, workshop }: ApiServer, sequence: number, count: number) => {
    const throughMs = workshop.changing.nowMs();
    const counts = [check(count, throughMs - minuteMs)];
    return store.write((tx) => tx.mergeCounts({ source, sequence, throughMs, counts }, throughMs));
  };
  const readOwn = (server: ApiServer, ...signals: readonly object[]) =>
    as(server, robot, 'POST', '/readings/own', { signals });

  test('are read by the server, each question once, and written down once for each time', async () => {
    const server = await furnished();
    server.workshop.setClock(startMs + 120 * minuteMs);
    await count(server, 1, 40);
    const { status, body } = await readOwn(server, uptake, { uptake: { ...uptake.uptake, as: 'count' } });
    expect(status).toBe(200);
    expect(body.readings).toHaveLength(2);
    expect(body.readings[0]).toMatchObject({ signal: key, asOf: at(120), value: 40, by: 'service-account:robot' });
    await readOwn(server, uptake);
    expect((await listed(server, key)).readings).toEqual([body.readings[0]]);
    server.workshop.setClock(startMs + 121 * minuteMs);
    await count(server, 2, 10);
    await readOwn(server, uptake);
    const { readings } = await listed(server, 'uptake {"version":"2.0","product":"Firefox"}');
    expect(readings.map(({ value }: { readonly value: number }) => value)).toEqual([50, 40]);
  });

  test('are unknown, and say why, before anything is known', async () => {
    const server = await furnished();
    const { body } = await readOwn(server, uptake, { events: { product: 'Fennec', event: 'failed' } });
    expect(body.readings[0]).toMatchObject({ asOf: at(0), note: 'no node has told of any counts yet' });
    expect(body.readings[0]).not.toHaveProperty('value');
    server.workshop.setClock(startMs + minuteMs);
    await count(server, 1, 40);
    const young = await readOwn(server, uptake);
    expect(young.body.readings[0].note).toMatch(/caches may have hidden checks/);
  });

  test('are for those who may report there', async () => {
    const server = await furnished();
    expect((await as(server, ed, 'POST', '/readings/own', { signals: [uptake] })).status).toBe(403);
    const asked = (who: Principal, text: string) =>
      as(server, who, 'GET', `/readings?signal=${encodeURIComponent(text)}`);
    expect((await asked(ed, key)).status).toBe(200);
    expect((await asked(eve, key)).status).toBe(404);
    expect((await asked(ed, key.replace('Firefox', 'Fennec'))).status).toBe(404);
    expect((await asked(ed, 'signal/of Fennec')).status).toBe(404);
    expect((await asked(ed, 'signal/gone')).status).toBe(404);
    for (const text of ['uptake', 'uptake {}', 'uptake {"product":1}', 'downtake {"product":"Firefox"}', 'signal/'])
      expect((await asked(robot, text)).status).toBe(400);
  });

  test('are asked exactly one thing at a time', async () => {
    const server = await furnished();
    const wrong = [{}, { uptake: {} }, { ...uptake, checks: { product: 'Firefox' } }, { name: 'crash-rate' }];
    for (const one of wrong) expect((await readOwn(server, one)).status, JSON.stringify(one)).toBe(400);
  });
});

test('signals are listed for agents, who may read nothing else, and for those who may see them', async () => {
  const server = await furnished();
  const signals = async (who: Principal, more = '') => (await as(server, who, 'GET', `/signals${more}`)).body;
  const all = await signals(robot);
  expect(all.signals.map(({ name }: { readonly name: string }) => name)).toEqual(['crash-rate', 'of Fennec']);
  expect(all.signals[0]).toMatchObject({ version: 1, body: { source: 'prometheus', query: 'x', every: 'PT1M' } });
  expect((await signals(ed)).signals).toHaveLength(1);
  expect((await signals(eve)).signals).toEqual([]);
  const first = await signals(robot, '?limit=1');
  const second = await signals(robot, `?limit=1&cursor=${first.next}`);
  expect([first.signals[0].name, second.signals[0].name, second.next]).toEqual(['crash-rate', 'of Fennec', undefined]);
});

test('the evidence of a change is what was read of its signals since its condition is what it is', async () => {
  const server = await furnished();
  const below = (name: string) => ({ signal: { name, op: '<', value: 1 } }) as const;
  await report(server, crashes(-5, 1));
  const { change } = await server.workshop.propose(operator, [patched('rule', '10', 1, { comment: 'x' })], {
    condition: { all: [below('of Fennec'), below('crash-rate'), { not: below('crash-rate') }] },
  });
  server.workshop.setClock(startMs + 3 * minuteMs);
  const fennec = (minutes: number, value: number) => ({ ...crashes(minutes, value), signal: 'of Fennec' });
  await report(server, crashes(1, 2), fennec(1, 3), fennec(2, 4), crashes(3, 5));
  const evidence = async (more = '') => (await as(server, robot, 'GET', `/changes/${change.id}/evidence${more}`)).body;
  const valuesOf = ({ readings }: { readonly readings: readonly { readonly value: number }[] }) =>
    readings.map(({ value }) => value);
  const whole = await evidence();
  expect([valuesOf(whole), whole.next]).toEqual([[5, 4, 2, 3], undefined]);
  expect(whole.readings[1]).toMatchObject({ signal: 'signal/of Fennec', asOf: at(2) });
  const paged: number[] = [];
  for (let next = '', pages = 0; pages < 9; pages += 1) {
    const page = await evidence(`?limit=1${next}`);
    paged.push(...valuesOf(page));
    if (page.next === undefined) break;
    next = `&cursor=${page.next}`;
  }
  expect(paged).toEqual([5, 4, 2, 3]);
  const { status } = await as(server, robot, 'GET', `/changes/${change.id}/evidence?cursor=5`);
  expect(status).toBe(400);
});
