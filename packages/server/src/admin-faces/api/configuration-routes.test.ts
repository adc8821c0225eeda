import { beforeEach, describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, startMs, user } from '../../app/changes/changing.fixture.ts';
import { Problem } from '../../problem.ts';
import { type ApiWorld, apiWorlds } from './api-app.fixture.ts';

const openWorld = apiWorlds();
let world: ApiWorld;
beforeEach(async () => {
  world = await openWorld();
  await furnish(world.shop);
});

const share = (percent: number) => ({ share: { kind: 'percent', percent } });
const deletion = (kind: 'rule' | 'emergency-stop', name: string, expectedVersion: number) =>
  ({ kind, name, expectedVersion, op: 'delete' }) as const;

/** Revision 2: rule 10 at 25 %, rule 20 of Thunderbird, eve an editor. Revision 3: rule 20 gone, Firefox stopped. */
async function twoMoreRevisions(): Promise<void> {
  world.shop.setClock(startMs + 60_000);
  await world.shop.propose(operator, [
    patched('rule', '10', 1, share(25)),
    made('rule', '20', { priority: 1, product: 'Thunderbird' }),
    patched('user', 'eve@example.org', 1, { roles: ['editor'] }),
    patched('release', 'Firefox-desupport', 1, { blob: { displayVersion: '2' } }),
  ]);
  world.shop.setClock(startMs + 120_000);
  await world.shop.propose(operator, [
    deletion('rule', '20', 1),
    made('emergency-stop', 'Firefox/*', { product: 'Firefox' }),
  ]);
}

describe('GET /configuration', () => {
  test('is everything as an export holds it', async () => {
    const { headers, body } = await world.by(operator).get('/configuration');
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({ format: 'sluice-export/1', revision: 1 });
    const { objects } = await world.shop.store.load();
    expect(body.objects).toEqual(
      objects.map(({ kind, name, body: content }) => ({ kind, name, ...(content as object) })),
    );
  });

  test('holds what one may see, of some kinds, as of then', async () => {
    await twoMoreRevisions();
    const names = async (query: string, who = operator) => {
      const { body } = await world.by(who).get(`/configuration?${query}`);
      return body.objects.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`);
    };
    expect(await names('kind=rule&kind=emergency-stop')).toEqual(['emergency-stop Firefox/*', 'rule 10']);
    expect(await names('kind=rule&asOf=2')).toEqual(['rule 10', 'rule 20']);
    expect(await names('asOf=0')).toEqual([]);
    expect(await names('asOf=2', user('ed'))).toEqual([
      'grant editors',
      'grant releng',
      'release Firefox-desupport',
      'rule 10',
    ]);
    expect((await world.by(operator).get('/configuration?asOf=4')).status).toBe(404);
    expect((await world.by(operator).get('/configuration?limit=4')).status).toBe(400);
  });

  test('is refused when the database is away, and ends in the middle when it goes while it is sent', async () => {
    const { changing } = world.shop;
    let readsLeft = 0;
    const store: typeof changing.store = {
      ...changing.store,
      read(work) {
        readsLeft -= 1;
        if (readsLeft < 0) throw new Problem('store-unavailable', 'away');
        return changing.store.read(work);
      },
    };
    const failing = await openWorld({ changing: { ...changing, store } });
    const { headers } = failing.by(operator);
    await failing.listening(async (url) => {
      const ask = (reads: number) => {
        readsLeft = reads;
        return fetch(`${url}/api/v1/configuration`, { headers });
      };
      for (const reads of [0, 1, 2, 7, 12]) expect((await ask(reads)).status).toBe(503);
      await expect(ask(16).then((response) => response.text())).rejects.toThrow();
      expect((await ask(100)).status).toBe(200);
    });
    expect(failing.bugs).toEqual([]);
  });

  test('is whole however much there is', async () => {
    const lines = Array.from({ length: 450 }, (_, i) => ({
      kind: 'regression-line' as const,
      name: String(i).padStart(3, '0'),
      body: { line: `/update/${i}` },
    }));
    await world.shop.store.commit(lines, { atMs: startMs, author: 'local:test', reason: 'many' });
    const { body } = await world.by(operator).get('/configuration?kind=regression-line');
    expect(body.objects).toEqual(lines.map(({ kind, name, body: content }) => ({ kind, name, ...content })));
  });
});

describe('GET /configuration/diff', () => {
  const diff = async (query: string, who = operator) => world.by(who).all(`/configuration/diff?${query}`, 'objects');

  test('tells what was added, removed and changed, forwards and backwards', async () => {
    await twoMoreRevisions();
    const rule = { priority: 1, product: 'Thunderbird', salt: expect.any(String) };
    expect(await diff('from=1&to=2')).toEqual([
      { kind: 'release', name: 'Firefox-desupport', what: 'changed', from: 1, to: 2 },
      {
        kind: 'rule',
        name: '10',
        what: 'changed',
        from: 1,
        to: 2,
        patch: { share: { percent: 25 } },
        paths: ['/share/percent'],
      },
      { kind: 'rule', name: '20', what: 'added', to: 1, body: expect.objectContaining(rule) },
      {
        kind: 'user',
        name: 'eve@example.org',
        what: 'changed',
        from: 1,
        to: 2,
        patch: { roles: ['editor'] },
        paths: ['/roles'],
      },
    ]);
    expect(await diff('from=2&to=1&kind=rule')).toEqual([
      {
        kind: 'rule',
        name: '10',
        what: 'changed',
        from: 2,
        to: 1,
        patch: { share: { percent: 100 } },
        paths: ['/share/percent'],
      },
      { kind: 'rule', name: '20', what: 'removed', from: 1 },
    ]);
    expect((await diff('from=1')).map(({ name, what }) => [name, what])).toEqual([
      ['Firefox/*', 'added'],
      ['Firefox-desupport', 'changed'],
      ['10', 'changed'],
      ['eve@example.org', 'changed'],
    ]);
    expect(await diff('from=0&to=0')).toEqual([]);
    expect(await diff('from=2026-11-21T12:01:30Z&to=2026-11-21T12:01:00Z')).toEqual([]);
  });

  test('its pages hold each object once, of the revisions of the first', async () => {
    await twoMoreRevisions();
    const all = await diff('from=0');
    expect(all).toHaveLength(11);
    for (const limit of [1, 3, 11]) expect(await diff(`from=0&limit=${limit}`)).toEqual(all);
    const first = (await world.by(operator).get('/configuration/diff?from=0&limit=10')).body;
    await world.shop.propose(operator, [patched('user', 'mary@example.org', 1, { roles: [] })]);
    const path = `/configuration/diff?from=0&limit=10&cursor=${encodeURIComponent(first.next)}`;
    expect((await world.by(operator).get(path)).body).toMatchObject({ to: 3, objects: [all[10]] });
  });

  test('shows of each side what one may see', async () => {
    await twoMoreRevisions();
    await world.shop.propose(operator, [patched('rule', '10', 2, { product: 'Thunderbird' })]);
    const seen = await diff('from=1', user('ed'));
    expect(seen.map(({ name, what }) => [name, what])).toEqual([
      ['Firefox/*', 'added'],
      ['Firefox-desupport', 'changed'],
      ['10', 'removed'],
    ]);
    expect(await diff('from=0', user('mary'))).toEqual([]);
  });

  test.each(['', 'from=x', 'from=1&to=x', 'from=1&kind=x', 'from=1&cursor=x', 'from=1&x=1', 'from=1&limit=0'])(
    'refuses ?%s',
    async (query) => {
      expect((await world.by(operator).get(`/configuration/diff?${query}`)).status).toBe(400);
    },
  );
});

describe('POST /configuration/revert', () => {
  const revert = (body: object, who = operator) => world.by(who).ask('POST', '/configuration/revert', body);

  test('puts back what clients are answered by, and leaves stops and people as they are', async () => {
    await twoMoreRevisions();
    const { status, headers, body } = await revert({ to: 2, reason: 'back' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/changes/${body.id}`);
    expect(body).toMatchObject({ state: 'enacted', edits: [{ kind: 'rule', name: '20', op: 'put' }] });
    expect((await revert({ to: '2026-11-21T12:00:30Z', reason: 'all' })).status).toBe(201);
    const { shop } = world;
    expect((await shop.get('rule', '10'))?.body).toMatchObject(share(100));
    expect((await shop.get('release', 'Firefox-desupport'))?.body).toMatchObject({ blob: { displayVersion: '1' } });
    expect(await shop.get('rule', '20')).toBeUndefined();
    expect(await shop.get('emergency-stop', 'Firefox/*')).toBeDefined();
    expect((await shop.get('user', 'eve@example.org'))?.body).toMatchObject({ roles: ['editor'] });
    expect((await revert({ to: 1, kinds: ['user', 'emergency-stop'], reason: 'these too' })).status).toBe(201);
    expect(await shop.get('emergency-stop', 'Firefox/*')).toBeUndefined();
    expect((await shop.get('user', 'eve@example.org'))?.body).toMatchObject({ roles: [] });
  });

  test('needs the permissions that its edits need, and tells of nothing that one may not see', async () => {
    await twoMoreRevisions();
    const refused = await revert({ to: 2, reason: 'back' }, user('ed'));
    expect(refused).toMatchObject({ status: 403, body: { type: '/problems/not-allowed' } });
    expect(JSON.stringify(refused.body)).not.toContain('20');
    expect((await revert({ to: 1, kinds: ['rule'], reason: 'back' }, user('ada'))).status).toBe(201);
    expect((await world.shop.get('rule', '10'))?.body).toMatchObject(share(100));
    expect((await revert({ to: 1, kinds: ['release'], reason: 'back' }, user('eve'))).status).toBe(201);
  });

  test('is refused where nothing differs, or for what is no revision', async () => {
    expect(await revert({ to: 1, reason: 'back' })).toMatchObject({ status: 400, body: { type: '/problems/usage' } });
    expect((await revert({ to: 9, reason: 'back' })).status).toBe(404);
    for (const body of [{ to: 1 }, { to: 1, reason: ' ' }, { to: -1, reason: 'x' }, { to: '1', reason: 'x' }, {}]) {
      expect((await revert(body)).status).toBe(400);
    }
    expect((await revert({ to: 1, kinds: [], reason: 'x' })).status).toBe(400);
    expect((await revert({ to: 1, reason: 'x', draft: true })).status).toBe(400);
  });
});

describe('GET /commits', () => {
  test('lists revisions with who, when, why and which change, page by page', async () => {
    await twoMoreRevisions();
    const all = await world.by(operator).all('/commits', 'commits');
    expect(all.map(({ revision, change }) => [revision, change])).toEqual([
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
    expect(all[0]).toEqual({
      revision: 3,
      at: '2026-11-21T12:02:00.000Z',
      by: 'local:operator',
      reason: 'a test',
      change: 3,
    });
    expect(await world.by(operator).all('/commits?limit=1', 'commits')).toEqual(all);
    expect(await world.by(operator).all('/commits?before=3&limit=1', 'commits')).toEqual(all.slice(1));
    for (const query of ['before=0', 'before=x', 'cursor=x', 'x=1']) {
      expect((await world.by(operator).get(`/commits?${query}`)).status).toBe(400);
    }
  });

  test('shows those whose changes one may see', async () => {
    await world.shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await world.shop.store.commit([{ kind: 'rule', name: '10', body: { priority: 1, product: 'Firefox' } }], {
      atMs: startMs,
      author: 'somebody',
      reason: 'before there were changes',
    });
    const revisions = async (who: typeof operator) =>
      (await world.by(who).all('/commits', 'commits')).map(({ revision }) => revision);
    expect(await revisions(operator)).toEqual([3, 2, 1]);
    expect(await revisions(user('ed'))).toEqual([2]);
    expect(await revisions(user('eve'))).toEqual([]);
  });
});

test('GET /stops lists what is stopped now, since when, by whom and why, as far as one may see it', async () => {
  await world.shop.propose(
    user('ed'),
    [made('emergency-stop', 'Firefox/beta', { product: 'Firefox', channel: 'beta' })],
    {
      reason: 'it crashes',
    },
  );
  await world.shop.propose(operator, [
    made('emergency-stop', 'Thunderbird/*', { product: 'Thunderbird' }),
    made('emergency-stop', 'Gone/*', { product: 'Gone' }),
  ]);
  await world.shop.propose(operator, [deletion('emergency-stop', 'Gone/*', 1)]);
  const mine = await world.by(user('ed')).all('/stops', 'stops');
  expect(mine).toEqual([
    {
      name: 'Firefox/beta',
      version: 1,
      body: { product: 'Firefox', channel: 'beta' },
      revision: 2,
      at: '2026-11-21T12:00:00.000Z',
      by: 'user:ed@example.org',
      reason: 'it crashes',
      change: 2,
    },
  ]);
  const names = (await world.by(operator).all('/stops?limit=1', 'stops')).map(({ name }) => name);
  expect(names).toEqual(['Firefox/beta', 'Thunderbird/*']);
  expect((await world.by(operator).get('/stops?x=1')).status).toBe(400);
});
