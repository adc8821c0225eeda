import { beforeEach, expect, test } from 'vitest';
import type { Change } from '../change.ts';
import type { Import, ImportedChange, ImportedEdit } from '../importer.ts';
import type { Store } from '../store.ts';
import { enactChange } from './changes/enact-change.ts';
import { findChange } from './changes/find-change.ts';
import { makeSalt } from './draw-ticket.ts';
import { type Imported, importObjects } from './import-objects.ts';
import { atLocalDesk, putObjects } from './put-objects.fixture.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();
let store: Store;
beforeEach(async () => {
  store = await openTemporary();
});

const nowMs = Date.UTC(2026, 10, 21, 12);
const later = '2026-12-01T10:00:00Z';

function importing(read: Import, mode: 'add' | 'replace' = 'replace'): Promise<Imported> {
  return atLocalDesk(store, (desk) => importObjects(desk, read, { mode, reason: 'import' }), { atMs: nowMs });
}

function edit(name: string, body: unknown, isThere = true): ImportedEdit {
  return { kind: 'rule', name, body, at: `scheduled ${name}`, isThere };
}

function waiting(edits: readonly ImportedEdit[], after = later): ImportedChange {
  return { edits, condition: { time: { after } }, reason: 'scheduled by ada', at: edits[0]?.at ?? '' };
}

function world(changes: readonly ImportedChange[], more: Partial<Import> = {}): Import {
  const objects = [{ kind: 'rule' as const, name: '1', body: { priority: 1, comment: 'as it is' }, at: 'rules[0]' }];
  return { carries: ['rule'], objects, warnings: [], changes, ...more };
}

async function pending(): Promise<readonly Change[]> {
  return store.read(async (view) => {
    const list = await view.changes({ states: ['pending'], limit: 100 });
    return Promise.all([...list].reverse().map(({ id }) => findChange(view, id)));
  });
}

const share = { priority: 1, comment: 'as it is', share: 25 };

test('changes that wait are proposed upon what the same import has written', async () => {
  const imported = await importing(world([waiting([edit('1', share)]), waiting([edit('2', { priority: 7 }, false)])]));
  expect(imported).toMatchObject({ changed: true, revision: 1 });
  expect(imported.scheduled.map(({ id }) => id)).toEqual([2, 3]);
  expect(await pending()).toMatchObject([
    {
      id: 2,
      proposer: 'local:ada',
      reason: 'scheduled by ada',
      condition: { time: { after: later } },
      edits: [{ op: 'patch', name: '1', expectedVersion: 1, patch: { share: { percent: 25 } } }],
      signOffs: [],
    },
    { id: 3, edits: [{ op: 'put', name: '2', expectedVersion: 0 }] },
  ]);
  expect((await store.get('rule', '1'))?.body).toMatchObject({ share: { percent: 100 } });
});

test('and can be enacted when their time has come', async () => {
  await importing(world([waiting([edit('1', share), edit('2', { priority: 7 }, false)])]));
  const enact = (atMs: number) =>
    atLocalDesk(store, async (desk) => enactChange(desk, await findChange(desk.tx, 2)), { atMs });
  await expect(enact(nowMs)).rejects.toMatchObject({ code: 'change-not-due' });
  expect(await enact(Date.parse(later))).toMatchObject({ change: { state: 'enacted' } });
  expect((await store.get('rule', '1'))?.body).toMatchObject({ share: { percent: 25 } });
  expect((await store.get('rule', '2'))?.body).toMatchObject({ salt: expect.any(String) });
});

test('the same file again proposes none of them twice', async () => {
  const file = world([waiting([edit('1', share)]), waiting([edit('2', { priority: 7 }, false)])]);
  await importing(file);
  const again = await importing(file);
  expect(again).toMatchObject({ changed: false, revision: 1 });
  expect(again.scheduled.map(({ id }) => id)).toEqual([2, 3]);
  expect(await pending()).toHaveLength(2);
});

test('what cannot be proposed is told and left out, and the rest is taken', async () => {
  const { scheduled, warnings } = await importing(
    world([
      waiting([edit('9', { priority: 1 })]),
      waiting([edit('1', { priority: 3 }, false)]),
      waiting([edit('1', { priority: 1, comment: 'as it is' })]),
      waiting([edit('1', share)]),
    ]),
  );
  expect(scheduled.map(({ id }) => id)).toEqual([2]);
  expect(warnings.filter(({ message }) => message.startsWith('not taken'))).toEqual([
    { at: 'scheduled 9', message: 'not taken: there is no rule 9' },
    { at: 'scheduled 1', message: 'not taken: rule "1" is at version 1; the edit was made to create it.' },
    { at: 'scheduled 1', message: 'not taken: it would alter nothing' },
  ]);
});

test('one whose time has come is told', async () => {
  const { warnings } = await importing(world([waiting([edit('1', share)], '2026-11-21T11:00:00Z')]));
  expect(warnings).toContainEqual({ at: 'scheduled 1', message: 'its time has come: it can be enacted at once' });
});

test('mistakes in them are told with all others, and nothing is written', async () => {
  const file = world([waiting([edit('1', { priority: -1 })])], {
    mistakes: [{ at: 'rules[1]', message: 'unreadable' }],
  });
  await expect(importing(file)).rejects.toMatchObject({
    code: 'invalid-import',
    mistakes: [{ at: 'rules[1]' }, { at: 'scheduled 1.priority' }],
  });
  expect(await store.revision()).toBe(0);
  expect(await pending()).toEqual([]);
});

test('where the objects wait for sign-offs, they are not taken before', async () => {
  const people = ['ada', 'bob'].map((name) => ({
    kind: 'user' as const,
    name: `${name}@example.org`,
    body: { roles: ['releng'] },
    at: '',
  }));
  await putObjects(store, [...people, { kind: 'policy', name: 'p', body: { role: 'releng', signOffs: 2 }, at: '' }]);
  const imported = await importing(world([waiting([edit('1', share)])]));
  expect(imported).toMatchObject({ changed: false, revision: 1, scheduled: [], waiting: { change: { id: 2 } } });
  expect(imported.warnings).toContainEqual({
    at: 'scheduled 1',
    message: 'not taken: it rests on change 2; import the file again once that is enacted',
  });
  expect(await store.get('rule', '1')).toBeUndefined();
});

test('an import of people keeps the administrators that it does not name, and says so', async () => {
  const user = (name: string, roles: readonly string[]) => {
    return { kind: 'user' as const, name: `${name}@example.org`, body: { roles }, at: name };
  };
  await putObjects(store, [user('root', ['admin']), user('old', []), user('ada', ['admin'])]);
  const objects = [user('ada', ['releng']), user('eve', [])];
  const { warnings } = await importing({ carries: ['user', 'grant'], objects, warnings: [] });
  const { objects: living } = await store.load();
  expect(living.map(({ name }) => name)).toEqual(['ada@example.org', 'eve@example.org', 'root@example.org']);
  expect(warnings).toEqual([
    { at: 'user root@example.org', message: 'the file does not name this administrator, who stays' },
  ]);
});

test('the sample world of before there were principals goes with an import too', async () => {
  await putObjects(store, [{ kind: 'throttle', body: { product: 'MyApp', version: '1.0.5', percent: 0 }, at: '' }], {
    author: 'ada',
  });
  const body = { product: 'MyApp', version: '1.0.5', percent: 1, salt: makeSalt() };
  await store.commit([{ kind: 'throttle', name: 'MyApp/1.0.5', body }], {
    atMs: nowMs,
    author: 'sample world',
    reason: '',
  });
  await importing(world([]));
  expect((await store.load()).objects.map(({ kind }) => kind)).toEqual(['rule']);
});
