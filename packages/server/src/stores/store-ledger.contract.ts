import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change, ChangeEdit } from '../change.ts';
import type { Session } from '../credential.ts';
import type { Store } from '../store.ts';
import { changeOf, edit, note, type StorePlace } from './store-place.contract.ts';

/** The part of the suite that is about changes, about what lets people in, and about answers that may be asked for again. */
export function describeLedger(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const put = (...changes: readonly Change[]) =>
      store.write(async (transaction) => {
        for (const change of changes) await transaction.putChange(change);
      });
    const ids = async (query: Partial<Parameters<typeof list>[0]>) => (await list(query)).map(({ id }) => id);
    const list = (query: object) => store.read((view) => view.changes({ limit: 100, ...query }));
    const edits = (...names: readonly string[]): readonly ChangeEdit[] =>
      names.map((name) => ({ op: 'delete', kind: 'rule', name, expectedVersion: 1 }));

    const odd = ['', 'a\0b', '\ud83d', 'ü ☃', `'"\\`, '__proto__', '\u2028\n', 'x'.repeat(1_000_000)];

    describe('changes', () => {
      test('come back as they were, and their list without the content of their edits', async () => {
        const change = changeOf(1, {
          edits: [
            { op: 'put', kind: 'rule', name: 'a', expectedVersion: 0, body: { b: null, a: [1] } },
            { op: 'patch', kind: 'pin', name: 'b\0', expectedVersion: 3, patch: { x: null } },
            { op: 'delete', kind: 'rule', name: 'c', expectedVersion: 2 },
          ],
          condition: { all: [{ now: true }, { approval: { role: 'r', count: 2 } }] },
          signOffs: [{ user: 'user:bob', role: 'r', atMs: 5, digest: 'd' }],
          reverts: 7,
        });
        await put(change);
        expect(await store.read((view) => view.change(1))).toEqual(change);
        expect(await store.read((view) => view.change(2))).toBeUndefined();
        const { edits: _, ...rest } = change;
        expect(await list({})).toEqual([
          {
            ...rest,
            objects: [
              { op: 'put', kind: 'rule', name: 'a', expectedVersion: 0 },
              { op: 'patch', kind: 'pin', name: 'b\0', expectedVersion: 3 },
              { op: 'delete', kind: 'rule', name: 'c', expectedVersion: 2 },
            ],
          },
        ]);
      });

      test('are written over by the same id', async () => {
        await put(changeOf(1, { edits: edits('a', 'b') }), changeOf(1, { version: 2, edits: edits('b', 'c') }));
        expect(await store.read((view) => view.change(1))).toMatchObject({ version: 2, edits: edits('b', 'c') });
        for (const [name, found] of Object.entries({ a: [], b: [1], c: [1] })) {
          expect(await ids({ object: { kind: 'rule', name } })).toEqual(found);
        }
        expect(await store.write((transaction) => transaction.nextChangeId())).toBe(2);
      });

      test('are listed newest first, a page at a time, by state, proposer, object and kind', async () => {
        await put(
          changeOf(1, { state: 'draft' }),
          changeOf(2, { proposer: 'user:bob\0' }),
          changeOf(3, { state: 'vetoed', edits: edits('b') }),
          changeOf(4, { edits: [{ op: 'delete', kind: 'pin', name: 'a', expectedVersion: 1 }] }),
        );
        expect(await ids({})).toEqual([4, 3, 2, 1]);
        expect(await ids({ limit: 2 })).toEqual([4, 3]);
        expect(await ids({ limit: 2, before: 3 })).toEqual([2, 1]);
        expect(await ids({ states: ['pending'] })).toEqual([4, 2]);
        expect(await ids({ states: ['draft', 'vetoed'] })).toEqual([3, 1]);
        expect(await ids({ states: [] })).toEqual([]);
        expect(await ids({ proposer: 'user:bob\0' })).toEqual([2]);
        expect(await ids({ object: { kind: 'rule', name: 'a' } })).toEqual([2, 1]);
        expect(await ids({ kind: 'pin' })).toEqual([4]);
        expect(await ids({ kind: 'pin', states: ['draft'] })).toEqual([]);
      });

      test('that are due are listed by time, priority and id', async () => {
        await put(
          changeOf(1, { dueAtMs: 20 }),
          changeOf(2, { dueAtMs: 10 }),
          changeOf(3, { dueAtMs: 10.5 }),
          changeOf(4),
          changeOf(5, { priority: 1, dueAtMs: 20 }),
          changeOf(6, { priority: -1 }),
        );
        expect(await ids({ dueByMs: 10 })).toEqual([4, 6, 2]);
        expect(await ids({ dueByMs: 20 })).toEqual([4, 6, 2, 3, 5, 1]);
        expect(await ids({ dueByMs: 20, limit: 2 })).toEqual([4, 6]);
        expect(await ids({ dueByMs: 20, states: ['pending'], limit: 4 })).toEqual([4, 6, 2, 3]);
      });

      test('that were altered lately are found', async () => {
        await put(...[3, 1, 2].map((updatedAtMs, i) => changeOf(i + 1, { updatedAtMs })));
        expect(await ids({ updatedFromMs: 2 })).toEqual([3, 1]);
        expect(await ids({ updatedFromMs: 1.5, limit: 1 })).toEqual([3]);
        expect(await ids({ updatedFromMs: 4 })).toEqual([]);
      });

      test('that may still be enacted are found by what they edit', async () => {
        await put(
          changeOf(1, { edits: edits('a', 'b') }),
          changeOf(2, { edits: edits('b') }),
          changeOf(3, { state: 'draft', edits: edits('c\0') }),
          changeOf(4, { state: 'failed', edits: edits('a', 'b', 'c\0') }),
        );
        const on = (...names: readonly string[]) =>
          store.read(async (view) =>
            (await view.openChangesOn(names.map((name) => ({ kind: 'rule', name })))).map(({ id }) => id),
          );
        expect(await on('b')).toEqual([1, 2]);
        expect(await on('c\0', 'a', 'never')).toEqual([1, 3]);
        expect(await on(...Array.from({ length: 1200 }, (_, i) => `${i}`), 'b')).toEqual([1, 2]);
        expect(await on()).toEqual([]);
        await put(changeOf(1, { state: 'enacted', edits: edits('a', 'b') }));
        expect(await on('a', 'b')).toEqual([2]);
      });

      test('are known by the revision that they made, and not by one that they only found', async () => {
        const end = { by: 'user:ada', atMs: 1, reason: '' };
        await store.commit([edit('a', 1)], note);
        await store.write(async (transaction) => {
          const { revision, versions } = await transaction.commit([edit('a', 2)], note);
          const made = versions.map(
            ({ kind, name, version: madeVersion }): ChangeEdit => ({
              op: 'put',
              kind,
              name,
              expectedVersion: 1,
              madeVersion,
            }),
          );
          await transaction.putChange(changeOf(7, { state: 'enacted', edits: made, end: { ...end, revision } }));
          await transaction.putChange(changeOf(8, { state: 'enacted', edits: edits('x'), end: { ...end, revision } }));
        });
        await store.read(async (view) => {
          expect(await view.changeAt(2)).toMatchObject({ id: 7, objects: [{ name: 'a', madeVersion: 2 }] });
          expect(await view.changeAt(1)).toBeUndefined();
          expect(await view.commits({ limit: 10 })).toEqual([
            { revision: 2, ...note, change: 7 },
            { revision: 1, ...note },
          ]);
          expect(await view.versionsOf(2)).toEqual([{ kind: 'rule', name: 'a', version: 2, body: 2 }]);
        });
      });

      test('keep every text', async () => {
        const changes = odd.map((text, i) =>
          changeOf(i + 1, {
            reason: text,
            proposer: text.slice(0, 500),
            edits: [{ op: 'put', kind: 'rule', name: text.slice(0, 500), expectedVersion: 0, body: { [text]: text } }],
          }),
        );
        await put(...changes);
        for (const change of changes) {
          expect(await store.read((view) => view.change(change.id))).toEqual(change);
          expect(await ids({ proposer: change.proposer })).toEqual([change.id]);
          const name = change.edits[0]?.name ?? '';
          expect(await ids({ object: { kind: 'rule', name } })).toEqual([change.id]);
        }
      });
    });

    describe('the audit log', () => {
      test('is read by page, change, actor, action and time, newest first or after a number', async () => {
        const actions = ['token.made', 'token.revoked', 'tokens', 'token', 'change.enacted'];
        await store.write(async (transaction) => {
          for (const [i, action] of actions.entries()) {
            const change = i % 2 === 0 ? { change: i } : { subject: 'x\0' };
            await transaction.append({ atMs: 10 * i, actor: i < 3 ? 'a\0' : 'b', action, ...change, detail: null });
          }
        });
        const seqs = (query: object) =>
          store.read(async (view) => (await view.audit({ limit: 100, ...query })).map(({ seq }) => seq));
        expect(await seqs({})).toEqual([5, 4, 3, 2, 1]);
        expect(await seqs({ before: 4, limit: 2 })).toEqual([3, 2]);
        expect(await seqs({ after: 2 })).toEqual([3, 4, 5]);
        expect(await seqs({ after: 1, before: 4 })).toEqual([2, 3]);
        expect(await seqs({ change: 2 })).toEqual([3]);
        expect(await seqs({ actor: 'a\0' })).toEqual([3, 2, 1]);
        expect(await seqs({ action: 'token.' })).toEqual([2, 1]);
        expect(await seqs({ action: 'token' })).toEqual([4]);
        expect(await seqs({ fromMs: 10, toMs: 30 })).toEqual([4, 3, 2]);
      });

      test('keeps every text', async () => {
        const entries = odd.map((text) => ({
          atMs: 1,
          actor: text.slice(0, 500),
          action: text.slice(0, 500),
          subject: text,
          detail: { [text]: text },
        }));
        await store.write(async (transaction) => {
          for (const entry of entries) await transaction.append(entry);
        });
        expect(await store.read((view) => view.audit({ after: 0, limit: 100 }))).toMatchObject(entries);
      });
    });

    const session = (id: string, more: Partial<Session> = {}): Session => ({
      kind: 'session',
      id,
      digest: `digest of ${id}`,
      owner: 'user:ada',
      agent: 'a browser',
      csrf: 'c',
      createdAtMs: 1,
      expiresAtMs: 100,
      ...more,
    });

    test('credentials are found by digest and id, and listed by id, a page at a time', async () => {
      const all = ['b', 'a', 'c\0', '\ud83d'].map((id) => session(id, { agent: `${id}☃` }));
      await store.write(async (transaction) => {
        for (const one of all) await transaction.putCredential(one);
        await transaction.putCredential({ ...session('a'), kind: 'link', owner: 'user:bob', revokedAtMs: 9 } as never);
      });
      await store.read(async (view) => {
        expect(await view.credential('digest of b')).toEqual(all[0]);
        expect(await view.credentialById('c\0')).toEqual(all[2]);
        expect(await view.credential('digest of d')).toBeUndefined();
        expect(await view.credentialById('a')).toMatchObject({ kind: 'link', revokedAtMs: 9 });
        const listed = async (query: object) =>
          (await view.credentials({ limit: 100, ...query })).map(({ id }) => id).join(' ');
        expect(new Set((await listed({})).split(' '))).toEqual(new Set(['a', 'b', 'c\0', '\ud83d']));
        expect((await listed({ limit: 2 })).split(' ')).toHaveLength(2);
        const [first = ''] = (await listed({ limit: 1 })).split(' ');
        expect((await listed({ after: first })).split(' ')).toHaveLength(3);
        expect(await listed({ owner: 'user:bob' })).toBe('a');
        expect(await listed({ kind: 'link' })).toBe('a');
        expect(await listed({ kind: 'link', owner: 'user:ada' })).toBe('');
      });
    });

    test('answers are kept by who asked and the key that they gave', async () => {
      const replay = { principal: 'p\0', key: '\ud83d', request: 'r', atMs: 5, status: 201, body: odd.join('') };
      await store.write(async (transaction) => {
        await transaction.putReplay({ ...replay, status: 500 });
        await transaction.putReplay(replay);
        await transaction.putReplay({ ...replay, principal: 'other', status: 204 });
      });
      await store.read(async (view) => {
        expect(await view.replay('p\0', '\ud83d')).toEqual(replay);
        expect((await view.replay('other', '\ud83d'))?.status).toBe(204);
        expect(await view.replay('p\0', 'k')).toBeUndefined();
      });
    });

    test('what has expired is forgotten, and nothing else', async () => {
      await store.write(async (transaction) => {
        for (const at of [99, 100, 101]) {
          await transaction.putCredential(session(`${at}`, { expiresAtMs: at }));
          const answer = { request: 'r', status: 200, body: '' };
          await transaction.putReplay({ ...answer, principal: 'p', key: `${at}`, atMs: at });
        }
        await transaction.forgetBefore({ credentials: 100, replays: 101 });
      });
      await store.read(async (view) => {
        expect((await view.credentials({ limit: 9 })).map(({ id }) => id)).toEqual(['100', '101']);
        expect(await view.replay('p', '100')).toBeUndefined();
        expect(await view.replay('p', '101')).toBeDefined();
      });
    });

    test.each([0, -1, 1.5, 1001, Number.NaN, Number.POSITIVE_INFINITY])('a page of %d is refused', async (limit) => {
      await store.read(async (view) => {
        await expect(view.changes({ limit })).rejects.toThrow(RangeError);
        await expect(view.audit({ limit })).rejects.toThrow(RangeError);
        await expect(view.credentials({ limit })).rejects.toThrow(RangeError);
        await expect(view.commits({ limit })).rejects.toThrow(RangeError);
      });
      expect(await store.read((view) => view.changes({ limit: 1000 }))).toEqual([]);
    });
  });
}
