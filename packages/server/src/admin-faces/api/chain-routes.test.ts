import { describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, protect, startMs, user } from '../../app/changes/changing.fixture.ts';
import { enactChange } from '../../app/changes/enact-change.ts';
import { type ApiServer, apiServers, type Called } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');
const condition = { time: { after: '2026-11-21T13:00:00Z' } };
const target = { signal: { uptake: { product: 'Firefox', version: '157.0' }, op: '>=', value: 1000 } };
const ramp = {
  rule: '10',
  steps: [
    { percent: 1, if: condition },
    { percent: 5, hold: 'PT24H' },
  ],
  back: { when: target },
};

interface Office {
  readonly server: ApiServer;
  call(who: string, method: string, path: string, body?: object, seen?: number): Promise<Called>;
}

async function office({ isProtected = true } = {}): Promise<Office> {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [
    made('notifier', 'nobody', { transport: 'none' }),
    made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT24H' }),
  ]);
  if (isProtected) await protect(server.workshop);
  return {
    server,
    call: async (who, method, path, body, seen) =>
      server.call(method, `/api/v1${path}`, {
        token: await server.tokenOf(user(who)),
        ...(body !== undefined && { body }),
        ...(seen !== undefined && { headers: { 'if-match': `"${seen}"` } }),
      }),
  };
}

const propose = ({ call }: Office, more: object = { ramp }) =>
  call('ed', 'POST', '/chains', { reason: 'a test', ...more });
const statesIn = ({ body }: Called) =>
  body.steps.map(({ change }: { readonly change: { readonly state: string } }) => change.state);

describe('a chain over the API', () => {
  test('is proposed in short, signed as one thing as it was seen, and followed', async () => {
    const desk = await office();
    const made = await propose(desk);
    const { id, version } = made.body;
    expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([
      201,
      `/api/v1/chains/${id}`,
      '"3"',
    ]);
    expect(made.body).toMatchObject({
      state: 'pending',
      of: 3,
      enacted: 0,
      current: 1,
      proposer: 'user:ed@example.org',
    });
    expect(made.body.steps[2]).toMatchObject({
      what: 'Firefox release: rule 10 share 5 % -> 0 %',
      change: { chain: { id, step: 3, of: 3 }, condition: { all: [{ change: { id: id + 1 } }, target] } },
    });
    const sign = (who: string, seen?: number) => desk.call(who, 'POST', `/chains/${id}/sign-off`, {}, seen);
    expect((await sign('ada')).status).toBe(428);
    expect((await sign('ada', version + 1)).status).toBe(409);
    const signed = await sign('ada', version);
    expect([signed.status, signed.body.version]).toEqual([200, version + 3]);
    expect((await sign('mary', version)).body.type).toBe('/problems/version-conflict');
    expect((await sign('mary', version + 3)).status).toBe(200);
    const { workshop } = desk.server;
    workshop.setClock(startMs + 3_600_000);
    await workshop.act(ed, id, enactChange);
    const shown = await desk.call('ed', 'GET', `/chains/${id}`);
    expect(shown.body).toMatchObject({
      enacted: 1,
      current: 2,
      expectedAt: '2026-11-22T13:00:00.000Z',
      ifStopped: [{ kind: 'rule', name: '10', percent: 1, says: 'rule 10 stays at 1 %' }],
    });
    expect(shown.body.waitsFor[0]).toContain(`change ${id} to be enacted for PT24H`);
    expect(shown.headers.get('etag')).toBe(`"${shown.body.version}"`);
    expect((await desk.call('ed', 'GET', '/changes')).body.changes[0].chain).toEqual({ id, step: 3, of: 3 });
    expect(desk.server.bugs).toEqual([]);
  });

  test('is stopped as one thing, which says where its share stays', async () => {
    const desk = await office({ isProtected: false });
    const steps = [1, 5, 25].map((percent) => ({
      edits: [patched('rule', '10', 1, { share: { kind: 'percent', percent } })],
    }));
    const made = await propose(desk, { steps });
    const { id } = made.body;
    expect([statesIn(made), made.body.steps[1].what]).toEqual([
      ['enacted', 'pending', 'pending'],
      'Firefox release: rule 10 share 1 % -> 5 %',
    ]);
    const vetoed = await desk.call('ed', 'POST', `/chains/${id}/veto`, { reason: 'it crashes' });
    expect(vetoed.body).toMatchObject({ state: 'vetoed', enacted: 1, ifStopped: [{ says: 'rule 10 stays at 1 %' }] });
    expect(statesIn(vetoed)).toEqual(['enacted', 'vetoed', 'vetoed']);
    expect((await desk.call('ed', 'POST', `/chains/${id}/veto`, { reason: 'x' })).body.type).toBe(
      '/problems/change-not-open',
    );
    expect((await desk.call('ed', 'GET', '/chains?state=pending')).body).toEqual({ chains: [] });
    expect((await desk.call('ed', 'GET', '/chains')).body.chains).toMatchObject([{ id, state: 'vetoed' }]);
  });

  test('is listed page by page, and shown only to who may see every step', async () => {
    const desk = await office();
    const ids: number[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await propose(desk)).body.id);
    const first = await desk.call('ed', 'GET', '/chains?limit=2');
    const second = await desk.call('ed', 'GET', `/chains?limit=2&cursor=${first.body.next}`);
    const found = [...first.body.chains, ...second.body.chains].map(({ id }: { readonly id: number }) => id);
    expect([found, second.body.next]).toEqual([ids.reverse(), undefined]);
    const [id = 0] = ids;
    expect((await desk.call('eve', 'GET', '/chains')).body).toEqual({ chains: [] });
    expect((await desk.call('eve', 'GET', `/chains/${id}`)).status).toBe(404);
    expect((await desk.call('eve', 'POST', `/chains/${id}/veto`, { reason: 'x' })).status).toBe(404);
    // A step that is not the first is no chain.
    expect((await desk.call('ed', 'GET', `/chains/${id + 1}`)).status).toBe(404);
  });

  test.each<[string, object, number]>([
    ['neither steps nor a ramp', {}, 400],
    ['both', { ramp, steps: [{ edits: [] }] }, 400],
    ['one step', { ramp: { rule: '10', steps: [{ percent: 1 }] } }, 400],
    ['a rule that is not there', { ramp: { ...ramp, rule: '77' } }, 404],
    ['a hold of the first step', { ramp: { ...ramp, steps: [{ percent: 1, hold: 'PT1H' }] } }, 400],
    ['a time that is none', { ramp: { ...ramp, steps: [{ percent: 1 }, { percent: 2, hold: '1 day' }] } }, 400],
    ['more than 100 %', { ramp: { ...ramp, steps: [{ percent: 1 }, { percent: 101 }] } }, 400],
  ])('is refused with %s', async (_, more, status) => {
    expect((await propose(await office(), more)).status).toBe(status);
  });
});
