import { describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, user } from '../../app/changes/changing.fixture.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');
const robot = { kind: 'service-account', name: 'robot' } as const;
const [ours, theirs] = ['agent-one', 'agent-two'];
const due = { time: { after: '2026-11-21T11:00:00Z' } };

async function furnished(): Promise<{ readonly server: ApiServer; readonly post: Post }> {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [
    made('service-account', 'robot', { roles: ['agent'] }),
    made('notifier', 'nobody', { transport: 'none' }),
  ]);
  const token = await server.tokenOf(robot);
  return { server, post: (path, body) => server.call('POST', `/api/v1${path}`, { token, body }) };
}

type Post = (path: string, body: object) => ReturnType<ApiServer['call']>;

/** So many changes that are due; each alters what the ones before leave alone. */
async function pending(server: ApiServer, many: number): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let i = 0; i < many; i += 1) {
    const name = `Firefox/${i}.0`;
    const edits = [made('throttle', name, { product: 'Firefox', version: `${i}.0`, percent: 50 })];
    ids.push((await server.workshop.propose(ed, edits, { condition: due })).change.id);
  }
  return ids;
}

const results = ({ body }: Awaited<ReturnType<Post>>) =>
  body.claims.map(({ id, result }: { readonly id: number; readonly result: string }) => [id, result]);

describe('a claim', () => {
  test('keeps other agents out until it ends or is given back, and nobody else', async () => {
    const { server, post } = await furnished();
    const [id = 0] = await pending(server, 1);
    const claim = (holder: string, seconds = 5) => post('/claims', { holder, seconds, changes: [id] });
    expect((await claim(ours)).body).toEqual({
      claims: [{ id, result: 'granted', version: 1, until: '2026-11-21T12:00:05.000Z' }],
    });
    expect((await claim(theirs)).body).toEqual({
      claims: [{ id, result: 'claimed', until: '2026-11-21T12:00:05.000Z' }],
    });
    const refused = await post(`/changes/${id}/enact`, { holder: theirs });
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/change-claimed']);
    expect((await post(`/changes/${id}/enact`, {})).body.type).toBe('/problems/change-claimed');
    await claim(ours, 0);
    expect(results(await claim(theirs))).toEqual([[id, 'granted']]);
    server.workshop.setClock(server.workshop.changing.nowMs() + 5000);
    expect(results(await claim(ours))).toEqual([[id, 'granted']]);
    // What somebody else has cannot be given back.
    await claim(theirs, 0);
    expect(results(await claim(theirs))).toEqual([[id, 'claimed']]);
    const token = await server.tokenOf(ed);
    const enacted = await server.call('POST', `/api/v1/changes/${id}/enact`, { token, body: {} });
    expect(enacted.body.state).toBe('enacted');
    expect(results(await claim(ours))).toEqual([[id, 'gone']]);
  });

  test('that a clock wrote which was set back since keeps nobody out', async () => {
    const { server, post } = await furnished();
    const [claimed = 0, resting = 0] = await pending(server, 2);
    const setBack = () => server.workshop.setClock(server.workshop.changing.nowMs() - 3_600_000);
    server.workshop.setClock(server.workshop.changing.nowMs() + 3_600_000);
    await post('/claims', { holder: theirs, seconds: 300, changes: [claimed, resting] });
    const failure = { holder: theirs, problem: 'unknown', detail: 'x' };
    expect((await post(`/changes/${resting}/attempts`, failure)).status).toBe(200);
    setBack();
    const wish = { holder: ours, seconds: 5, changes: [claimed, resting] };
    expect(results(await post('/claims', wish))).toEqual([
      [claimed, 'granted'],
      [resting, 'granted'],
    ]);
  });

  test('can be for nothing that comes behind what another agent has', async () => {
    const { server, post } = await furnished();
    const [a = 0, b = 0, c = 0] = await pending(server, 3);
    await post('/claims', { holder: theirs, seconds: 5, changes: [b] });
    const wish = { holder: ours, seconds: 5, changes: [a, b, c] };
    expect(results(await post('/claims', { ...wish, inOrder: true }))).toEqual([
      [a, 'granted'],
      [b, 'claimed'],
      [c, 'behind'],
    ]);
    expect(results(await post('/claims', wish))).toEqual([
      [a, 'granted'],
      [b, 'claimed'],
      [c, 'granted'],
    ]);
  });

  test('is for what is pending and the caller’s to enact only', async () => {
    const { server, post } = await furnished();
    const [id = 0] = await pending(server, 1);
    const wish = { holder: ours, seconds: 5, changes: [id, 4711] };
    expect(results(await post('/claims', wish))).toEqual([
      [id, 'granted'],
      [4711, 'gone'],
    ]);
    const eve = { token: await server.tokenOf(user('eve')), body: wish };
    expect((await server.call('POST', '/api/v1/claims', eve)).status).toBe(403);
    const limited = { token: await server.tokenOf(ed, ['enact']), body: { ...wish, holder: theirs } };
    expect(results(await server.call('POST', '/api/v1/claims', limited))).toEqual([
      [id, 'gone'],
      [4711, 'gone'],
    ]);
  });
});

describe('an attempt that failed', () => {
  test('is shown on the change, which rests for longer each time, until it is altered', async () => {
    const { server, post } = await furnished();
    const [id = 0] = await pending(server, 1);
    const told = { holder: ours, problem: 'api-unavailable', detail: 'no answer within 10 s' };
    expect((await post(`/changes/${id}/attempts`, told)).body.type).toBe('/problems/change-claimed');
    const waits: number[] = [];
    for (let round = 1; round <= 9; round += 1) {
      await post('/claims', { holder: ours, seconds: 5, changes: [id] });
      const { status, body } = await post(`/changes/${id}/attempts`, told);
      expect([status, body.failures, body.problem]).toEqual([200, round, 'api-unavailable']);
      waits.push(Date.parse(body.nextAt) - server.workshop.changing.nowMs());
      if (round < 9) server.workshop.setClock(Date.parse(body.nextAt));
    }
    expect(waits[0]).toBeGreaterThanOrEqual(5000);
    expect(waits[0]).toBeLessThanOrEqual(10_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(300_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(600_000);
    expect(results(await post('/claims', { holder: theirs, seconds: 5, changes: [id] }))).toEqual([[id, 'resting']]);
    const get = async () => server.call('GET', `/api/v1/changes/${id}`, { token: await server.tokenOf(ed) });
    const shown = await get();
    expect(shown.body.facts.attempts).toMatchObject({ failures: 9, detail: 'no answer within 10 s' });
    const patch = { token: await server.tokenOf(ed), body: { priority: 5 }, headers: { 'if-match': '"1"' } };
    expect((await server.call('PATCH', `/api/v1/changes/${id}`, patch)).status).toBe(200);
    expect((await get()).body.facts.attempts).toBeUndefined();
    expect(results(await post('/claims', { holder: theirs, seconds: 5, changes: [id] }))).toEqual([[id, 'granted']]);
  });

  test('of an unknown kind is one all the same, and of what is over is none', async () => {
    const { server, post } = await furnished();
    const [id = 0] = await pending(server, 1);
    await post('/claims', { holder: ours, seconds: 5, changes: [id] });
    const told = { holder: ours, problem: 'no-such-thing', detail: 'x' };
    expect((await post(`/changes/${id}/attempts`, told)).body.problem).toBe('unknown');
    await post(`/changes/${id}/enact`, { holder: ours });
    const as = async (who: typeof ed | typeof robot) => ({ token: await server.tokenOf(who), body: told });
    const path = `/api/v1/changes/${id}/attempts`;
    expect((await server.call('POST', path, await as(ed))).body.type).toBe('/problems/change-not-open');
    expect((await server.call('POST', path, await as(robot))).body.type).toBe('/problems/change-not-found');
  });
});

describe('the states of changes', () => {
  test('tell agents what became of what they could see, and nobody more', async () => {
    const { server, post } = await furnished();
    const [first = 0, second = 0] = await pending(server, 2);
    await server.workshop.propose(ed, [patched('rule', '10', 1, { comment: 'x' })], { draft: true });
    const token = await server.tokenOf(robot);
    const states = async (query: string, as = token) => {
      const { body } = await server.call('GET', `/api/v1/changes/states?${query}`, { token: as });
      return body.states?.map(({ id, state }: { readonly id: number; readonly state: string }) => [id, state]);
    };
    server.workshop.setClock(server.workshop.changing.nowMs() + 1000);
    await post(`/changes/${first}/enact`, {});
    expect(await states('updatedFrom=2026-11-21T12:00:01Z')).toEqual([[first, 'enacted']]);
    expect((await states('updatedFrom=2026-11-21T12:00:00Z')).slice(0, 2)).toEqual([
      [second, 'pending'],
      [first, 'enacted'],
    ]);
    expect(await states(`id=${second}&id=${first}&id=4711`)).toEqual([
      [second, 'pending'],
      [first, 'enacted'],
    ]);
    expect(await states(`id=${first}`, await server.tokenOf(user('eve')))).toEqual([]);
    for (const wrong of ['', `id=${first}&updatedFrom=2026-11-21T12:00:00Z`, 'id=x'])
      expect((await server.call('GET', `/api/v1/changes/states?${wrong}`, { token })).status).toBe(400);
    const list = `/api/v1/changes?updatedFrom=2026-11-21T12:00:01Z`;
    const { body } = await server.call('GET', list, { token: await server.tokenOf(ed) });
    expect(body.changes.map(({ id }: { readonly id: number }) => id)).toEqual([first]);
  });
});
