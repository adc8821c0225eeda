import { expect, test } from 'vitest';
import type { Change } from '../../change.ts';
import type { Store } from '../../store.ts';
import { openStore } from '../../stores/index.ts';
import { describeWithPostgres } from '../../stores/postgres/postgres-server.fixture.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { Edit } from '../prepare-edits.ts';
import { putObjects } from '../put-objects.fixture.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { furnish, patched, protect, startMs, user, workshopOver } from './changing.fixture.ts';
import { signOffChange } from './sign-off-change.ts';
import { vetoChange } from './veto-change.ts';

const rule = {
  priority: 100,
  product: 'Firefox',
  channel: 'release',
  release: 'Firefox-desupport',
  fallback: 'Firefox-desupport',
};

function edit(body: unknown, more: Partial<Edit> = {}): Edit {
  return { kind: 'rule', name: '10', body, at: '[0]', ...more };
}

async function changesIn(store: Store): Promise<readonly Change[]> {
  return store.read(async (view) => {
    const list = await view.changes({ limit: 100 });
    const all = await Promise.all(list.map(({ id }) => view.change(id)));
    return all.filter((one) => one !== undefined).reverse();
  });
}

async function bodyIn(store: Store, name = '10'): Promise<unknown> {
  return (await store.get('rule', name))?.body;
}

/** What a store must show, whichever it is. */
async function isSignedAndEnacted(store: Store): Promise<void> {
  const shop = workshopOver(store);
  await furnish(shop);
  await protect(shop);
  const { revision } = await store.load();
  const edits = [edit({ ...rule, comment: 'new' }), edit({ ...rule, priority: 7 }, { name: '11' })];
  const put = await putObjects(store, edits, { atMs: startMs, reason: 'a new rule' });
  expect(put).toMatchObject({ revision, changed: false, waiting: { change: { state: 'pending' } } });
  expect(put.waiting?.required).toMatchObject([
    { role: 'releng', count: 1, signedBy: [] },
    { role: 'relman', count: 1, signedBy: [] },
  ]);
  expect(await store.revision()).toBe(revision);
  expect(await bodyIn(store, '11')).toBeUndefined();

  const id = put.waiting?.change.id ?? 0;
  expect(await shop.change(id)).toMatchObject({
    proposer: 'local:ada',
    reason: 'a new rule',
    edits: [
      { op: 'patch', name: '10', patch: { comment: 'new' } },
      { op: 'put', name: '11', body: { priority: 7 } },
    ],
  });
  await shop.act(user('ada'), id, (desk, change) => signOffChange(desk, change, undefined));
  const { change } = await shop.act(user('mary'), id, (desk, one) => signOffChange(desk, one, undefined));
  expect(change).toMatchObject({ state: 'enacted', end: { revision: revision + 1 } });
  expect(await bodyIn(store)).toMatchObject({ comment: 'new' });
  expect(await bodyIn(store, '11')).toMatchObject({ priority: 7, salt: expect.stringMatching(/^.{16}$/) });
  expect(await store.history('rule', '11')).toMatchObject([{ author: 'local:ada', reason: 'a new rule' }]);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
}

const openTemporary = temporaryStores();

test('what is put under a policy waits, and is enacted once people have signed', async () => {
  await isSignedAndEnacted(await openTemporary());
});

describeWithPostgres('on PostgreSQL', (server) => {
  test('what is put under a policy waits, and is enacted once people have signed', async () => {
    const store = await openStore({ data: 'unused', databaseUrl: await server().makeSchema() });
    try {
      await isSignedAndEnacted(store);
    } finally {
      await store.close();
    }
  });
});

test('what is put without a policy is a change that keeps no content twice', async () => {
  const store = await openTemporary();
  const blob = { schema_version: 50, name: 'r', detailsUrl: 'https://example.org/', displayVersion: '1' };
  const release = (text: string) =>
    edit({ product: 'a', blob: { ...blob, displayVersion: text } }, { kind: 'release', name: 'r' });
  await putObjects(store, [release('1'), edit({ priority: 1 }), edit({ priority: 1 }, { name: '2' })]);
  await putObjects(store, [release('x'.repeat(20_000)), edit({ priority: 2 }), edit({ priority: 1 }, { name: '2' })]);
  await putObjects(store, [edit(undefined)]);
  expect((await changesIn(store)).map(({ state, edits }) => [state, edits])).toEqual([
    [
      'enacted',
      [
        { kind: 'release', name: 'r', expectedVersion: 0, op: 'put', madeVersion: 1 },
        { kind: 'rule', name: '10', expectedVersion: 0, op: 'put', madeVersion: 1 },
        { kind: 'rule', name: '2', expectedVersion: 0, op: 'put', madeVersion: 1 },
      ],
    ],
    [
      'enacted',
      [
        { kind: 'release', name: 'r', expectedVersion: 1, op: 'put', madeVersion: 2 },
        { ...patched('rule', '10', 1, { priority: 2 }), madeVersion: 2 },
      ],
    ],
    ['enacted', [{ kind: 'rule', name: '10', expectedVersion: 2, op: 'delete', madeVersion: 3 }]],
  ]);
  const log = await store.read((view) => view.audit({ after: 0, limit: 100 }));
  expect(log.map(({ action, actor }) => `${action} ${actor}`)).toEqual(
    [1, 2, 3].flatMap(() => ['change.proposed local:ada', 'change.enacted local:ada']),
  );
  expect(JSON.stringify(log).length).toBeLessThan(10_000);
});

test('what alters nothing is no change', async () => {
  const store = await openTemporary();
  await putObjects(store, [edit({ priority: 1 })]);
  expect(await putObjects(store, [edit({ priority: 1 })])).toMatchObject({ revision: 1, changed: false });
  expect(await changesIn(store)).toHaveLength(1);
});

test('a long content that waits is told in the audit log by its digest', async () => {
  const store = await openTemporary();
  const shop = workshopOver(store);
  await furnish(shop);
  await protect(shop);
  const blob = { schema_version: 50, name: 'Firefox-desupport', displayVersion: '1' };
  const body = { product: 'Firefox', blob: { ...blob, detailsUrl: `https://example.org/${'x'.repeat(20_000)}` } };
  const { waiting } = await putObjects(store, [edit(body, { kind: 'release', name: 'Firefox-desupport' })]);
  expect((await shop.change(waiting?.change.id ?? 0)).edits).toMatchObject([{ op: 'put', body }]);
  const [entry] = await store.read((view) => view.audit({ action: 'change.proposed', limit: 1 }));
  expect(entry?.detail).toMatchObject({ edits: [{ op: 'put', bodyDigest: expect.stringMatching(/^[0-9a-f]{64}$/) }] });
  expect(JSON.stringify(entry).length).toBeLessThan(5000);
});

test('the same again finds the change that waits already, and makes it real where nothing holds it any more', async () => {
  const store = await openTemporary();
  const shop = workshopOver(store);
  await furnish(shop);
  await protect(shop);
  const mine = [edit({ ...rule, comment: 'new' }), edit({ ...rule, priority: 7 }, { name: '11' })];
  const first = await putObjects(store, mine);
  const again = await putObjects(store, mine);
  expect(again.waiting?.change.id).toBe(first.waiting?.change.id);
  const other = await putObjects(store, [edit({ ...rule, comment: 'newer' })]);
  expect(other.waiting?.change.id).not.toBe(first.waiting?.change.id);
  expect(other.warnings.map(({ message }) => message).join()).toContain('alters the same');

  await shop.act({ kind: 'local', name: 'ada' }, first.waiting?.change.id ?? 0, (desk, change) =>
    vetoChange(desk, change, 'no'),
  );
  const third = await putObjects(store, mine);
  expect(third.waiting?.change.id).toBeGreaterThan(other.waiting?.change.id ?? 0);
  await store.commit(
    ['releng', 'relman'].map((name) => ({ kind: 'policy' as const, name, body: undefined })),
    { atMs: startMs, author: 'test', reason: 'no policy any more' },
  );
  expect(await putObjects(store, mine)).toMatchObject({ changed: true });
  expect(await bodyIn(store)).toMatchObject({ comment: 'new' });
});

test('a deletion under a policy waits too', async () => {
  const store = await openTemporary();
  const shop = workshopOver(store);
  await furnish(shop);
  await protect(shop);
  const { waiting } = await putObjects(store, [edit(undefined)]);
  expect(waiting?.change.edits).toMatchObject([{ op: 'delete', name: '10' }]);
  expect(await store.get('rule', '10')).toBeDefined();
});
