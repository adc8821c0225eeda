import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, openApiServer } from '../../packages/server/src/admin-faces/api/api-server.fixture.ts';
import { apiDocument } from '../../packages/server/src/admin-faces/api/open-api.ts';
import { made, operator, patched, user } from '../../packages/server/src/app/changes/changing.fixture.ts';
import { signOffChange } from '../../packages/server/src/app/changes/sign-off-change.ts';
import { vetoChange } from '../../packages/server/src/app/changes/veto-change.ts';
import type { Change, ChangeEdit } from '../../packages/server/src/change.ts';
import { openTemporaryStore } from './open-temporary-store.ts';
import { operationsOf } from './operations.ts';
import { calls } from './permission-calls.ts';
import { type Column, furnishProducts, World } from './permission-world.ts';

/** All that an agent needs; everything else there is, now or later, must be refused. */
const needed = new Set([
  'GET /openapi.json',
  'GET /me',
  'GET /changes',
  'GET /changes/events',
  'GET /changes/states',
  'GET /changes/{id}',
  'GET /changes/{id}/history',
  // The same changes, shown together.
  'GET /chains',
  'GET /chains/{id}',
  'GET /changes/{id}/why',
  'GET /changes/{id}/evidence',
  'GET /changes/{id}/notices',
  'GET /chains',
  'GET /chains/{id}',
  'POST /changes/{id}/notice',
  'POST /changes/{id}/enact',
  'POST /changes/{id}/attempts',
  'POST /claims',
  'GET /signals',
  'GET /readings',
  'POST /readings',
  'POST /readings/own',
]);
/** Lists that are answered to everybody who is known, and hold nothing for an agent. */
const empty = new Set([
  'GET /stops',
  'GET /objects',
  'GET /configuration',
  'GET /configuration/diff',
  'GET /commits',
  'GET /notices',
]);

const agent: Column = {
  name: 'agent',
  principal: { kind: 'service-account', name: 'agent' },
  scopes: ['read-changes', 'report', 'enact'],
  product: 'Firefox',
};

let server: ApiServer;
let world: World;
let token: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const temporary = await openTemporaryStore();
  server = await openApiServer(temporary.store);
  await furnishProducts(server);
  world = new World(server);
  token = (await world.tokenOf(agent)) ?? '';
  close = async () => {
    await server.close();
    await temporary.remove();
  };
});
afterAll(() => close());

describe('with the token of an agent', () => {
  const operations = operationsOf(apiDocument()).map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);

  test.each(operations.filter((operation) => !needed.has(operation)))('%s is refused', async (operation) => {
    const rows = Object.keys(calls).filter((row) => row.split(',')[0] === operation);
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      // Whoever holds a token may always give that one up.
      if (row === 'DELETE /tokens/{id}, that which is sent') continue;
      const call = await calls[row]?.(world, agent);
      if (call === undefined) throw new Error(`There is no call for ${row}.`);
      const { revision } = await server.store.newest();
      const answer = await server.call(operation.split(' ')[0] ?? '', `/api/v1${call.path}`, {
        token,
        ...(call.body !== undefined && { body: call.body }),
        ...(call.version !== undefined && { headers: { 'if-match': `"${call.version}"` } }),
      });
      if (empty.has(operation)) expect(thingsIn(answer.body), row).toEqual([]);
      else expect([401, 403, 404], `${row}: ${answer.status}`).toContain(answer.status);
      expect((await server.store.newest()).revision, row).toBe(revision);
    }
  });

  test('only what is pending is seen', async () => {
    const over = await world.enacted(agent);
    const open = await world.pending(agent);
    const { body } = await server.call('GET', '/api/v1/changes?limit=500', { token });
    const ids = body.changes.map(({ id }: { readonly id: number }) => id);
    expect(ids).toContain(open.id);
    expect(ids).not.toContain(over.id);
  });
});

/** What a list holds, whatever it is called. */
function thingsIn(body: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.values(body).flatMap((value) => (Array.isArray(value) ? value : []));
}

describe('an agent cannot have enacted', () => {
  const due = { time: { after: '2026-11-21T11:00:00Z' } };
  const ed = user('editor');

  /** A rule of its own for each test. */
  async function rule(): Promise<string> {
    const { objects } = await server.store.load(['release']);
    const name = String(1000 + objects.filter(({ kind }) => kind === 'rule').length);
    const body = { priority: 1, product: 'Firefox', channel: 'beta', release: 'Firefox-1' };
    const { change } = await server.workshop.propose(operator, [made('rule', name, body)]);
    await sign(change.id);
    return name;
  }
  const comment = (name: string, text: string): readonly ChangeEdit[] => [patched('rule', name, 1, { comment: text })];
  const propose = async (edits: readonly ChangeEdit[], condition: Change['condition'] = due) =>
    (await server.workshop.propose(ed, edits, { condition })).change;
  const sign = (id: number) =>
    server.workshop.act(user('signer'), id, (desk, change) => signOffChange(desk, change, undefined));
  const enact = (id: number, as = token) => server.call('POST', `/api/v1/changes/${id}/enact`, { token: as, body: {} });
  const refusal = async (id: number) => (await enact(id)).body.type;

  test('what is not due, until it is', async () => {
    const { id } = await propose(comment(await rule(), 'early'), { time: { after: '2026-11-21T12:00:01Z' } });
    await sign(id);
    expect(await refusal(id)).toBe('/problems/change-not-due');
    server.workshop.setClock(server.workshop.changing.nowMs() + 1000);
    expect((await enact(id)).body.state).toBe('enacted');
  });

  test('what nobody has signed', async () => {
    const { id } = await propose(comment(await rule(), 'unsigned'));
    expect(await refusal(id)).toBe('/problems/sign-offs-missing');
  });

  test('what was vetoed', async () => {
    const { id } = await propose(comment(await rule(), 'vetoed'));
    await sign(id);
    await server.workshop.act(ed, id, (desk, change) => vetoChange(desk, change, 'no'));
    expect(await refusal(id)).toBe('/problems/change-not-found');
  });

  test('what was altered since it was signed', async () => {
    const name = await rule();
    const { id, version } = await propose(comment(name, 'signed'));
    await sign(id);
    const edited = await server.call('PATCH', `/api/v1/changes/${id}`, {
      token: await server.tokenOf(ed),
      body: { edits: comment(name, 'something else'), voidSignOffs: true },
      headers: { 'if-match': `"${version + 1}"` },
    });
    expect(edited.status).toBe(200);
    expect(await refusal(id)).toBe('/problems/sign-offs-missing');
    const late = await server.call('POST', `/api/v1/changes/${id}/enact`, {
      token,
      body: {},
      headers: { 'if-match': `"${version + 1}"` },
    });
    expect(late.body.type).toBe('/problems/version-conflict');
  });

  test('what nobody was told of', async () => {
    // A comment raises no risk; to go before other rules does.
    const { id } = await propose([patched('rule', await rule(), 1, { priority: 7 })]);
    await sign(id);
    const answer = await enact(id);
    expect(answer.body.type).toBe('/problems/notice-missing');
    const told = await server.call('POST', `/api/v1/changes/${id}/notice`, { token, body: {} });
    expect(told.status).toBe(200);
    expect(await refusal(id)).toBe('/problems/notice-missing');
    // People may, as ever.
    expect((await enact(id, await server.tokenOf(user('admin')))).body.state).toBe('enacted');
  });

  test('what another agent has claimed', async () => {
    const { id } = await propose(comment(await rule(), 'claimed'));
    await sign(id);
    const body = { holder: 'another-agent', seconds: 5, changes: [id] };
    await server.call('POST', '/api/v1/claims', { token, body });
    expect(await refusal(id)).toBe('/problems/change-claimed');
  });

  test('what is not true, however it reports what it has read', async () => {
    const condition = { signal: { name: 'crashes of Firefox', op: '>' as const, value: 5 } };
    const { id } = await propose(comment(await rule(), 'forged'), condition);
    await sign(id);
    expect(await refusal(id)).toBe('/problems/change-not-due');
    const report = (asOf: string, value: number) =>
      server.call('POST', '/api/v1/readings', {
        token,
        body: { readings: [{ signal: 'crashes of Firefox', value, asOf }] },
      });
    const now = new Date(server.workshop.changing.nowMs()).toISOString();
    await report('2026-11-21T13:00:00Z', 9);
    await report('2026-11-21T01:00:00Z', 9);
    expect(await refusal(id)).toBe('/problems/change-not-due');
    await report(now, 1);
    expect(await refusal(id)).toBe('/problems/change-not-due');
  });
});
