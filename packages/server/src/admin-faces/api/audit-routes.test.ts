import { beforeEach, describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, startMs, user } from '../../app/changes/changing.fixture.ts';
import { hashEntry } from '../../audit-chain.ts';
import { type ApiWorld, apiWorlds } from './api-app.fixture.ts';

const openWorld = apiWorlds();
const dayMs = 86_400_000;
const auditor = user('audrey');
let world: ApiWorld;
beforeEach(async () => {
  world = await openWorld();
  const { shop } = world;
  await furnish(shop);
  await shop.propose(operator, [
    made('user', 'audrey@example.org', { roles: ['viewer'] }),
    made('user', 'fred@example.org', { roles: [] }),
    made('grant', 'fred', { user: 'fred@example.org', actions: ['audit', 'administer'], products: ['Firefox'] }),
  ]);
  shop.setClock(startMs + dayMs);
  await shop.propose(user('ed'), [patched('rule', '10', 1, { priority: 99 })]);
});

const seqs = async (query: string) => (await world.by(auditor).all(`/audit?${query}`, 'entries')).map(({ seq }) => seq);

describe('GET /audit', () => {
  test('lists entries, the newest first, as they are hashed', async () => {
    const entries = await world.by(auditor).all('/audit', 'entries');
    expect(entries.map(({ seq, action }) => [seq, action])).toEqual([
      [6, 'change.enacted'],
      [5, 'change.proposed'],
      [4, 'change.enacted'],
      [3, 'change.proposed'],
      [2, 'change.enacted'],
      [1, 'change.proposed'],
    ]);
    for (const { at, atMs, hash, previous, ...entry } of entries) {
      expect(at).toBe(new Date(atMs).toISOString());
      expect(hashEntry(previous, { ...entry, atMs })).toBe(hash);
    }
    expect((await world.by(auditor).get('/audit/head')).body).toMatchObject({
      seq: 6,
      hash: entries[0].hash,
      removedSeq: 0,
    });
  });

  test('finds by number, actor, action, change and time, page by page', async () => {
    for (const limit of [1, 2, 5, 6, 500]) {
      expect(await seqs(`limit=${limit}`)).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await seqs(`after=2&limit=${limit}`)).toEqual([3, 4, 5, 6]);
      expect(await seqs(`before=3&limit=${limit}`)).toEqual([2, 1]);
    }
    expect(await seqs('before=0')).toEqual([]);
    expect(await seqs('actor=user:ed@example.org')).toEqual([6, 5]);
    expect(await seqs('action=change.proposed&limit=1')).toEqual([5, 3, 1]);
    expect(await seqs('action=change.')).toHaveLength(6);
    expect(await seqs('action=token.')).toEqual([]);
    expect(await seqs('change=2')).toEqual([4, 3]);
    expect(await seqs('from=2026-11-22T00:00:00Z')).toEqual([6, 5]);
    expect(await seqs('to=2026-11-22T00:00:00Z&change=1')).toEqual([2, 1]);
  });

  test.each([
    'before=x',
    'before=1&after=2',
    'change=0',
    'from=1',
    'limit=0',
    'cursor=x',
    'seq=1',
    'after=-1',
    'after=',
  ])('refuses ?%s', async (query) => {
    expect((await world.by(auditor).get(`/audit?${query}`)).status).toBe(400);
  });
});

test('the audit log is for those who may see all of it, and its retention for administrators', async () => {
  const keep = { keepDays: 1 };
  for (const who of [user('ed'), user('eve'), user('fred')]) {
    for (const path of ['/audit', '/audit/head', '/audit/verify']) {
      expect(await world.by(who).get(path)).toMatchObject({ status: 403, body: { type: '/problems/not-allowed' } });
    }
    expect((await world.by(who).ask('POST', '/audit/retention', keep)).status).toBe(403);
  }
  expect((await world.by(auditor).ask('POST', '/audit/retention', keep)).status).toBe(403);
  expect((await world.by(operator, ['read']).get('/audit')).status).toBe(403);
  expect((await world.by(operator, ['audit']).get('/audit')).status).toBe(200);
  expect((await world.by(operator, ['audit']).ask('POST', '/audit/retention', keep)).status).toBe(403);
});

test('verifying says that the log is well, however many ask at once', async () => {
  const verdicts = await Promise.all(Array.from({ length: 5 }, () => world.by(auditor).get('/audit/verify')));
  for (const { status, body } of verdicts) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, entries: 6, head: { seq: 6 } });
  }
});

describe('POST /audit/retention', () => {
  test('removes what is too old, says so in the log, and leaves a log that is well', async () => {
    const { status, body } = await world.by(operator).ask('POST', '/audit/retention', { keepDays: 1 });
    expect({ status, body }).toMatchObject({ status: 200, body: { removed: 0, verdict: { ok: true } } });
    world.shop.setClock(startMs + 2 * dayMs - 1);
    const done = await world.by(operator).ask('POST', '/audit/retention', { keepDays: 1 });
    expect(done.body).toMatchObject({ removed: 4, verdict: { ok: true, head: { removedSeq: 4 } } });
    expect(await seqs('')).toEqual([7, 6, 5]);
    const [newest] = await world.by(auditor).all('/audit?limit=1', 'entries');
    expect(newest).toMatchObject({ action: 'audit.removed', actor: 'local:operator' });
    expect((await world.by(auditor).get('/audit/verify')).body).toMatchObject({ ok: true, entries: 3 });
  });

  test.each([{}, { keepDays: 0 }, { keepDays: 0.5 }, { keepDays: '7' }, { keepDays: 7, now: true }])(
    'refuses %j',
    async (body) => {
      expect((await world.by(operator).ask('POST', '/audit/retention', body)).status).toBe(400);
    },
  );
});
