import { beforeEach, describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, startMs, user } from '../../app/changes/changing.fixture.ts';
import { type ApiWorld, apiWorlds } from './api-app.fixture.ts';

const openWorld = apiWorlds();
let world: ApiWorld;
beforeEach(async () => {
  world = await openWorld();
  await furnish(world.shop);
});

const share = (percent: number) => ({ share: { kind: 'percent', percent } });
const thunderbird = (name: string) =>
  made('release', name, {
    product: 'Thunderbird',
    blob: { schema_version: 50, name, detailsUrl: 'https://example.org/', displayVersion: '1' },
  });
const name = (text: string) => encodeURIComponent(text);

/** Commits two versions of rule 10 and deletes it, a minute after each other. */
async function threeVersions(): Promise<void> {
  world.shop.setClock(startMs + 60_000);
  await world.shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], { reason: 'a quarter' });
  world.shop.setClock(startMs + 120_000);
  await world.shop.propose(operator, [{ kind: 'rule', name: '10', expectedVersion: 2, op: 'delete' }]);
}

describe('GET /objects', () => {
  test('lists what there is by kind and name, and of releases all but their content', async () => {
    const { status, body } = await world.by(operator).get('/objects?kind=rule&kind=release');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        revision: 1,
        objects: [
          { kind: 'release', name: 'Firefox-desupport', version: 1, revision: 1 },
          {
            kind: 'rule',
            name: '10',
            version: 1,
            revision: 1,
            body: expect.objectContaining({ priority: 100, channel: 'release' }),
          },
        ],
      },
    });
  });

  test('its pages hold everything once, of one revision, whatever is committed meanwhile', async () => {
    const stops = Array.from({ length: 30 }, (_, i) => `P${String(i).padStart(2, '0')}`);
    await world.shop.propose(
      operator,
      stops.map((product) => made('emergency-stop', `${product}/*`, { product })),
    );
    const everything = await world.by(operator).all('/objects?limit=500', 'objects');
    expect(everything).toHaveLength(40);
    for (const limit of [1, 7, 39, 40]) {
      expect(await world.by(operator).all(`/objects?limit=${limit}`, 'objects')).toEqual(everything);
    }
    const first = (await world.by(operator).get('/objects?kind=emergency-stop&limit=20')).body;
    await world.shop.propose(operator, [
      { kind: 'emergency-stop', name: 'P25/*', expectedVersion: 1, op: 'delete' },
      made('emergency-stop', 'P22x/*', { product: 'P22x' }),
    ]);
    const path = `/objects?kind=emergency-stop&limit=20&cursor=${name(first.next)}`;
    const second = (await world.by(operator).get(path)).body;
    expect(second).toMatchObject({ revision: first.revision });
    expect(second.next).toBeUndefined();
    const names = [...first.objects, ...second.objects].map((object: { name: string }) => object.name);
    expect(names).toEqual(stops.map((product) => `${product}/*`));
  });

  test('finds by name, and by product and channel what lies there or reaches it', async () => {
    await world.shop.propose(operator, [
      made('rule', '11', { priority: 1, product: 'Fire*' }),
      made('rule', '12', { priority: 1, product: 'Thunderbird', channel: 'beta' }),
      made('rule', '13', { priority: 1 }),
      thunderbird('Thunderbird-1'),
    ]);
    const found = async (query: string) => {
      const objects = await world.by(operator).all(`/objects?kind=rule&kind=release&${query}`, 'objects');
      return objects.map((object) => object.name);
    };
    expect(await found('name=11')).toEqual(['11']);
    expect(await found('product=Firefox')).toEqual(['Firefox-desupport', '10', '11', '13']);
    expect(await found('product=Thunderbird&limit=1')).toEqual(['Thunderbird-1', '12', '13']);
    expect(await found('product=Thunderbird&channel=release')).toEqual(['Thunderbird-1', '13']);
    expect(await found('channel=bet*')).toEqual(['Firefox-desupport', 'Thunderbird-1', '11', '12', '13']);
    expect(await found('product=F')).toEqual(['13']);
  });

  test('shows nobody what they may not read, and says of it nothing', async () => {
    await world.shop.propose(operator, [
      thunderbird('Thunderbird-1'),
      made('rule', '12', { priority: 1, product: 'Thunderbird' }),
      made('rule', '13', { priority: 1 }),
    ]);
    const seen = (await world.by(user('ed')).all('/objects', 'objects')).map((object) => object.name);
    expect(seen).toEqual(['editors', 'releng', 'Firefox-desupport', '10']);
    expect(await world.by(user('eve')).all('/objects', 'objects')).toEqual([]);
    expect(await world.by(operator, ['enact']).all('/objects', 'objects')).toEqual([]);
    for (const path of ['/rule/12', '/rule/13', '/release/Thunderbird-1', '/user/ada%40example.org']) {
      const [kind, object] = path.slice(1).split('/');
      const hidden = await world.by(user('ed')).get(`/objects${path}`);
      expect(hidden).toMatchObject({ status: 404, body: { type: '/problems/object-not-found' } });
      expect(hidden.body.detail).toBe(`there is no ${kind} ${decodeURIComponent(object ?? '')}`);
      for (const below of ['/versions', '/versions/1', '/diff?from=1']) {
        expect((await world.by(user('ed')).get(`/objects${path}${below}`)).status).toBe(404);
        expect((await world.by(operator).get(`/objects${path}${below}`)).status).toBe(200);
      }
    }
    expect(world.bugs).toEqual([]);
  });

  test('whoever may see little of a long list gets short pages, and misses nothing', async () => {
    await world.shop.store.commit(
      Array.from({ length: 2500 }, (_, i) => ({
        kind: 'rule' as const,
        name: String(1000 + i),
        body: { priority: 1, product: i % 1200 === 1100 ? 'Firefox' : 'Other', salt: '0'.repeat(16) },
      })),
      { atMs: startMs, author: 'local:test', reason: 'many' },
    );
    const ed = world.by(user('ed'));
    const page = (await ed.get('/objects?kind=rule')).body;
    expect(page.objects.map((object: { name: string }) => object.name)).toEqual(['10']);
    expect(page.next).toBeDefined();
    expect((await ed.all('/objects?kind=rule', 'objects')).map((object) => object.name)).toEqual([
      '10',
      '2100',
      '3300',
    ]);
  });

  test('as of a revision or a moment shows what there was', async () => {
    await threeVersions();
    const found = async (asOf: string) => {
      const { body } = await world.by(operator).get(`/objects?kind=rule&asOf=${name(asOf)}`);
      return [body.revision, ...body.objects.map((object: { version: number }) => object.version)];
    };
    expect(await found('0')).toEqual([0]);
    expect(await found('1')).toEqual([1, 1]);
    expect(await found('2')).toEqual([2, 2]);
    expect(await found('3')).toEqual([3]);
    expect(await found('2026-11-21T11:59:59.999Z')).toEqual([0]);
    expect(await found('2026-11-21T12:00:00Z')).toEqual([1, 1]);
    expect(await found('2026-11-21T13:01:30+01:00')).toEqual([2, 2]);
    expect(await found('2030-01-01T00:00:00Z')).toEqual([3]);
    expect((await world.by(operator).get('/objects?asOf=4')).status).toBe(404);
  });

  test.each([
    'asOf=-1',
    'asOf=yesterday',
    'asOf=2026-11-21',
    'asOf=01',
    'kind=rules',
    'kind=rule&kind=x',
    'limit=0',
    'limit=501',
    'limit=many',
    'name=',
    'name=a&name=b',
    'cursor=x',
    'cursor=W10',
    `cursor=${'x'.repeat(9001)}`,
    'sort=name',
  ])('refuses ?%s', async (query) => {
    const { status, body } = await world.by(operator).get(`/objects?${query}`);
    expect({ status, type: body.type }).toEqual({ status: 400, type: '/problems/usage' });
  });
});

describe('one object', () => {
  test('is answered with its content, and its version as the ETag', async () => {
    await threeVersions();
    const path = '/objects/rule/10?asOf=2';
    const { status, headers, body } = await world.by(user('ed')).get(path);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toMatchObject({ kind: 'rule', name: '10', version: 2, revision: 2, body: share(25) });
    expect((await world.by(user('ed')).get('/objects/rule/10')).body.detail).toBe('there is no rule 10');
    expect((await world.by(user('ed')).get('/objects/rule/10?asOf=0')).body.detail).toBe(
      'there is no rule 10 at revision 0',
    );
  });

  test('of a release has all of its content', async () => {
    const { body } = await world.by(user('ed')).get('/objects/release/Firefox-desupport');
    expect(body.body.blob.name).toBe('Firefox-desupport');
  });

  test.each(['a/b', 'ä ☃ \u{1f600}', '%2F', '100%', '?#&+', '..%', '\'"<>\\', '{"}'])(
    'is found under the name %j',
    async (text) => {
      const edit = { kind: 'regression-line', name: text, body: { line: '/update' } } as const;
      await world.shop.store.commit([edit], { atMs: startMs, author: 'local:test', reason: 'names' });
      const path = `/objects/regression-line/${name(text)}`;
      expect((await world.by(operator).get(path)).body).toMatchObject({ name: text, version: 1 });
      expect((await world.by(operator).get(`${path}/versions/1`)).body).toMatchObject({ name: text });
      expect(await world.by(operator).all(`/objects?name=${name(text)}`, 'objects')).toHaveLength(1);
    },
  );

  test('of no kind that there is, or asked of with more than there is to ask, is refused', async () => {
    for (const path of [
      '/objects/rules/10',
      '/objects/rule/10?at=1',
      '/objects/rule/10/versions/0',
      '/objects/rule/10/diff',
    ])
      expect((await world.by(operator).get(path)).status).toBe(400);
    expect((await world.by(operator).get('/objects/rule/10/versions/2')).status).toBe(404);
    expect((await world.by(operator).get('/objects/rule/10/diff?from=1&to=2')).status).toBe(404);
  });
});

describe('the past of an object', () => {
  test('is who made its versions, when, why and by which change, page by page', async () => {
    await threeVersions();
    const ed = world.by(user('ed'));
    const versions = await ed.all('/objects/rule/10/versions', 'versions');
    expect(versions).toEqual([
      {
        version: 3,
        revision: 3,
        at: '2026-11-21T12:02:00.000Z',
        by: 'local:operator',
        reason: 'a test',
        change: 3,
        deleted: true,
      },
      {
        version: 2,
        revision: 2,
        at: '2026-11-21T12:01:00.000Z',
        by: 'user:ed@example.org',
        reason: 'a quarter',
        change: 2,
        deleted: false,
      },
      {
        version: 1,
        revision: 1,
        at: '2026-11-21T12:00:00.000Z',
        by: 'local:operator',
        reason: 'a test',
        change: 1,
        deleted: false,
      },
    ]);
    expect(await ed.all('/objects/rule/10/versions?limit=1', 'versions')).toEqual(versions);
    expect((await ed.get('/objects/rule/10/versions?cursor=1')).body).toEqual({ versions: [] });
    expect((await ed.get('/objects/rule/10/versions/2')).body).toMatchObject({
      by: 'user:ed@example.org',
      body: share(25),
    });
    const deletion = (await ed.get('/objects/rule/10/versions/3')).body;
    expect(deletion).toMatchObject({ deleted: true, change: 3 });
    expect(deletion.body).toBeUndefined();
  });

  test('is seen as far as each version may be seen', async () => {
    await world.shop.propose(operator, [
      patched('rule', '10', 1, { product: 'Thunderbird' }),
      {
        kind: 'release',
        name: 'Firefox-desupport',
        expectedVersion: 1,
        op: 'put',
        body: {
          product: 'Thunderbird',
          blob: {
            schema_version: 50,
            name: 'Firefox-desupport',
            detailsUrl: 'https://example.org/',
            displayVersion: '1',
          },
        },
      },
    ]);
    const ed = world.by(user('ed'));
    for (const object of ['rule/10', 'release/Firefox-desupport']) {
      const versions = async (who: typeof ed) =>
        (await who.all(`/objects/${object}/versions`, 'versions')).map(({ version }) => version);
      expect([await versions(ed), await versions(world.by(operator))]).toEqual([[1], [2, 1]]);
      expect((await ed.get(`/objects/${object}`)).status).toBe(404);
      expect((await ed.get(`/objects/${object}?asOf=1`)).status).toBe(200);
      expect((await ed.get(`/objects/${object}/versions/2`)).status).toBe(404);
      expect((await ed.get(`/objects/${object}/diff?from=1&to=2`)).status).toBe(404);
    }
  });

  test('is compared, forwards and backwards, up to a deletion', async () => {
    await threeVersions();
    const diff = async (query: string) => (await world.by(user('ed')).get(`/objects/rule/10/diff?${query}`)).body;
    expect(await diff('from=1&to=2')).toMatchObject({
      patch: { share: { percent: 25 } },
      paths: ['/share/percent'],
      before: { version: 1, body: share(100) },
      after: { version: 2, body: share(25) },
    });
    expect((await diff('from=2&to=1')).patch).toEqual({ share: { percent: 100 } });
    const toNewest = await diff('from=1');
    expect(toNewest).toMatchObject({ paths: [''], after: { version: 3, deleted: true } });
    expect(toNewest.patch).toBeUndefined();
    expect(await diff('from=1&to=1')).toMatchObject({ patch: {}, paths: [] });
  });
});
