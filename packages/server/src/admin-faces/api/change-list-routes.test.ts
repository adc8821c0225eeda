import { beforeEach, describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, protect, startMs, user } from '../../app/changes/changing.fixture.ts';
import { vetoChange } from '../../app/changes/veto-change.ts';
import { type ApiWorld, apiWorlds } from './api-app.fixture.ts';

const openWorld = apiWorlds();
let world: ApiWorld;
beforeEach(async () => {
  world = await openWorld();
  await furnish(world.shop);
  await protect(world.shop);
});

const share = (percent: number) => ({ share: { kind: 'percent', percent } });
const rule = (product: string, channel: string) => ({ priority: 1, product, channel });

/** Change 3 of Firefox pending, 4 of Thunderbird a draft, 5 of both, 6 of Firefox vetoed, 7 of nothing but a regression line. */
async function someChanges(): Promise<void> {
  const { shop } = world;
  await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
  await shop.propose(operator, [made('rule', '20', rule('Thunderbird', 'beta'))], { draft: true });
  await shop.propose(operator, [
    made('rule', '21', rule('Firefox', 'release')),
    made('rule', '22', rule('Thunderbird', 'beta')),
  ]);
  await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))]);
  await shop.act(user('ed'), 6, (desk, change) => vetoChange(desk, change, 'no'));
  await shop.propose(operator, [made('regression-line', 'one', { line: '/update' })]);
}

const idsOf = (changes: readonly { readonly id: number }[]) => changes.map(({ id }) => id);
const ids = async (query: string, who = operator) => idsOf(await world.by(who).all(`/changes${query}`, 'changes'));

describe('GET /changes', () => {
  test('lists changes without their content, the newest first', async () => {
    await someChanges();
    const { body } = await world.by(user('ed')).get('/changes?limit=1&state=vetoed');
    expect(body).toEqual({
      changes: [
        expect.objectContaining({
          id: 6,
          version: 2,
          state: 'vetoed',
          proposer: 'user:ed@example.org',
          createdAt: '2026-11-21T12:00:00.000Z',
          objects: [{ kind: 'rule', name: '10', op: 'patch' }],
          end: { by: 'user:ed@example.org', at: '2026-11-21T12:00:00.000Z', reason: 'no' },
        }),
      ],
    });
    expect(Object.keys(body.changes[0])).not.toContain('edits');
    expect(await ids('')).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('finds by state, proposer, object, product and channel', async () => {
    await someChanges();
    expect(await ids('?state=pending')).toEqual([5, 3]);
    expect(await ids('?state=pending&state=draft')).toEqual([5, 4, 3]);
    expect(await ids('?proposer=user:ed@example.org')).toEqual([6, 3]);
    expect(await ids('?kind=rule&state=pending')).toEqual([5, 3]);
    expect(await ids('?kind=rule&name=22')).toEqual([5]);
    expect(await ids('?kind=rule&name=23')).toEqual([]);
    expect(await ids('?product=Thunderbird&state=draft&state=pending')).toEqual([5, 4]);
    expect(await ids('?channel=release&state=pending')).toEqual([5, 3]);
    expect(await ids('?product=Thunderbird&channel=release&state=pending')).toEqual([]);
  });

  test('its pages hold each change once', async () => {
    await someChanges();
    for (const limit of [1, 2, 6, 7, 500]) expect(await ids(`?limit=${limit}`)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    for (const limit of [1, 2, 3]) expect(await ids(`?product=Firefox&kind=rule&limit=${limit}`)).toEqual([6, 5, 3, 1]);
  });

  test('shows what one may read all of, and to an agent what is pending', async () => {
    await someChanges();
    // By no change, for this one would have to be signed off.
    await world.shop.store.commit(
      [
        { kind: 'service-account', name: 'agent', body: { roles: ['agent'], disabled: false } },
        { kind: 'service-account', name: 'watcher', body: { roles: [], disabled: false } },
        {
          kind: 'grant',
          name: 'watcher',
          body: { serviceAccount: 'watcher', actions: ['read-changes'], products: ['Thunderbird'] },
        },
      ],
      { atMs: startMs, author: 'local:test', reason: 'accounts' },
    );
    expect(await ids('', user('ed'))).toEqual([7, 6, 3, 2]);
    expect(await ids('', user('eve'))).toEqual([]);
    expect(await ids('', { kind: 'service-account', name: 'agent' })).toEqual([5, 3]);
    expect(await ids('', { kind: 'service-account', name: 'watcher' })).toEqual([]);
    for (const path of ['', '/history']) {
      const hidden = await world.by(user('ed')).get(`/changes/5${path}`);
      expect(hidden).toMatchObject({ status: 404, body: { type: '/problems/change-not-found' } });
      expect(hidden.body).toEqual({
        ...(await world.by(user('ed')).get(`/changes/500${path}`)).body,
        detail: 'there is no change 5',
      });
      expect((await world.by(user('ed')).get(`/changes/3${path}`)).status).toBe(200);
    }
  });

  test.each([
    'state=open',
    'product=',
    'name=10',
    'kind=x',
    'limit=501',
    'cursor=x',
    'cursor=0',
    'asOf=1',
    'proposer=',
  ])('refuses ?%s', async (query) => {
    const { status, body } = await world.by(operator).get(`/changes?${query}`);
    expect({ status, type: body.type }).toEqual({ status: 400, type: '/problems/usage' });
  });
});

describe('GET /changes/{id}', () => {
  test('answers with the change, what is true of it now, and its version as the ETag', async () => {
    await someChanges();
    const { headers, body } = await world.by(user('ed')).get('/changes/3');
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      id: 3,
      edits: [{ kind: 'rule', name: '10', expectedVersion: 1, op: 'patch', patch: share(25) }],
      facts: {
        isSigned: false,
        truth: 'true',
        required: [{ role: 'releng', count: 1, signedBy: [] }, { role: 'relman' }],
        objects: [{ kind: 'rule', name: '10', before: share(100), after: share(25) }],
      },
    });
  });

  test('tells what each part of its condition came to, when that is expected, and what freezes it', async () => {
    const { shop } = world;
    const body = { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', reason: 'holidays' };
    const signal = { source: 'prometheus', url: 'https://example.org', query: 'up', every: 'PT1M', timeout: 'PT10S' };
    await shop.store.commit(
      [
        { kind: 'signal', name: 'crashes', body: signal },
        { kind: 'freeze', name: 'holidays', body },
      ],
      { atMs: startMs, author: 'local:operator', reason: 'a test' },
    );
    const after = new Date(startMs + 60_000).toISOString();
    const condition = { any: [{ time: { after } }, { signal: { name: 'crashes', op: '<', value: 1 } as const }] };
    await shop.store.write((tx) =>
      tx.putReadings([
        { signal: 'signal/crashes', asOfMs: startMs, value: 3, note: 'one sample', atMs: startMs, by: 'system' },
      ]),
    );
    const { change } = await shop.propose(operator, [patched('rule', '10', 1, { priority: 7 })], { condition });
    const shown = await world.by(operator).get(`/changes/${change.id}`);
    expect(shown.body.facts).toMatchObject({
      truth: 'false',
      expectedAt: after,
      leaves: [
        { truth: 'false', says: `the time from ${after}: holds from ${after} on`, expectedAt: after },
        {
          truth: 'false',
          says: 'signal crashes < 1: 3 as of 2026-11-21T12:00:00.000Z; does not hold',
          signal: 'signal/crashes',
          reading: { value: 3, asOf: '2026-11-21T12:00:00.000Z', note: 'one sample' },
        },
      ],
      freezes: [{ name: 'holidays', until: '2026-11-22T00:00:00.000Z', reason: 'holidays' }],
    });
  });

  test('knows no facts of one that is over', async () => {
    const { body } = await world.by(operator).get('/changes/1');
    expect(body).toMatchObject({ state: 'enacted', end: { revision: 1 } });
    expect(body.facts).toBeUndefined();
  });

  test.each(['/changes/0', '/changes/x', '/changes/1.5', '/changes/1/history?x=1', '/changes/99999999999999999999'])(
    'refuses %s',
    async (path) => {
      expect((await world.by(operator).get(path)).status).toBe(400);
    },
  );
});

test('the history of a change is its entries of the audit log, the newest first, page by page', async () => {
  await someChanges();
  const ed = world.by(user('ed'));
  const entries = await ed.all('/changes/6/history', 'entries');
  expect(entries.map(({ action, actor, change, at }) => ({ action, actor, change, at }))).toEqual([
    { action: 'change.vetoed', actor: 'user:ed@example.org', change: 6, at: new Date(startMs).toISOString() },
    { action: 'change.proposed', actor: 'user:ed@example.org', change: 6, at: new Date(startMs).toISOString() },
  ]);
  expect(await ed.all('/changes/6/history?limit=1', 'entries')).toEqual(entries);
});
