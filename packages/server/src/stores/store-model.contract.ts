import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { KindName } from '../kind.ts';
import type { HistoryEntry, Mark, Store, StoreEdit } from '../store.ts';
import type { CommitNote } from '../stored-commit.ts';

/** What an edit says of the version it was made against. */
type Claim = 'none' | 'right' | 'wrong' | 'absent';

interface ModelEdit {
  readonly kind: KindName;
  readonly name: string;
  readonly body: unknown;
  readonly claim: Claim;
}

/** An object as the model knows it: its history, newest first. */
interface ModelObject {
  readonly kind: KindName;
  readonly name: string;
  readonly entries: readonly HistoryEntry[];
}

const anyBody = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(1, 2),
  fc.jsonValue({ maxDepth: 2 }).map((body): unknown => JSON.parse(JSON.stringify(body))),
);

const anyEdit: fc.Arbitrary<ModelEdit> = fc.record({
  kind: fc.constantFrom<KindName>('rule', 'pin'),
  name: fc.constantFrom('a', 'b', 'c\0', '\ud83d', `'"\\`),
  body: anyBody,
  claim: fc.constantFrom<Claim>('none', 'none', 'right', 'right', 'wrong', 'absent'),
});

const anyCommits = fc.array(fc.uniqueArray(anyEdit, { maxLength: 4, selector: keyOf }), { maxLength: 12 });

/**
 * Shows that a store, given any sequence of commits, holds and refuses what a map from object to history would, and so
 * does a store that was restored from it.
 * `withEmptyStore` lends a fresh store for each sequence.
 */
export async function expectLikeMap(
  withEmptyStore: (work: (store: Store) => Promise<void>) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(anyCommits, (commits) =>
    withEmptyStore(async (store) => {
      const model = new Map<string, ModelObject>();
      let revision = 0;
      const marks = [await store.newest()];
      const contents = [await store.load()];
      for (const [i, edits] of commits.entries()) {
        const note = { atMs: i, author: `author ${i}`, reason: `reason ${i}` };
        revision = await commitToBoth(store, model, revision, edits, note);
        marks[revision] = await store.newest();
        contents[revision] = await store.load();
      }
      for (const [past, content] of contents.entries()) {
        expect(await store.read((view) => view.loadAt(past))).toEqual(content);
      }
      await expectSame(store, model, marks);
      await withEmptyStore(async (copy) => {
        expect(await copy.restore(store.dump())).toBe(revision);
        await expectSame(copy, model, marks);
      });
    }),
  );
  await fc.assert(property, { seed: 20_261_121, numRuns: 25 });
}

async function commitToBoth(
  store: Store,
  model: Map<string, ModelObject>,
  revision: number,
  edits: readonly ModelEdit[],
  note: CommitNote,
): Promise<number> {
  const steps = edits.map((edit) => {
    const entries = model.get(keyOf(edit))?.entries ?? [];
    const version = entries[0]?.body === undefined ? 0 : entries[0].version;
    const claims = { none: undefined, right: version, wrong: version + 1, absent: 0 };
    return { ...edit, entries, version, claimed: claims[edit.claim] };
  });
  const committing = store.commit(
    steps.map(({ kind, name, body, claimed }): StoreEdit => {
      return { kind, name, body, ...(claimed === undefined ? {} : { expectedVersion: claimed }) };
    }),
    note,
  );
  const late = steps.some(({ claimed, version }) => claimed !== undefined && claimed !== version);
  const missing = steps.some(({ body, version }) => body === undefined && version === 0);
  if (late || missing) {
    await expect(committing).rejects.toMatchObject({ code: late ? 'version-conflict' : 'object-not-found' });
    return revision;
  }
  const effective = steps.filter(({ body, entries }) => !isDeepStrictEqual(body, entries[0]?.body));
  const next = effective.length > 0 ? revision + 1 : revision;
  for (const { kind, name, body, entries } of effective) {
    const entry = { version: (entries[0]?.version ?? 0) + 1, revision: next, body, ...note };
    model.set(keyOf({ kind, name }), { kind, name, entries: [entry, ...entries] });
  }
  expect(await committing).toBe(next);
  return next;
}

/** `marks` are those of every revision there was, from 0 on. */
async function expectSame(
  store: Store,
  model: ReadonlyMap<string, ModelObject>,
  marks: readonly Mark[],
): Promise<void> {
  const revision = marks.length - 1;
  expect(await store.revision()).toBe(revision);
  expect(await store.newest()).toEqual(marks.at(-1));
  for (const { kind, name, entries } of model.values()) {
    expect(await store.history(kind, name)).toEqual(entries);
    for (const { version, body } of entries) expect(await store.bodyOf(kind, name, version)).toEqual(body);
  }
  for (const [since, mark] of marks.entries()) {
    const changed = [...model.values()].filter(({ entries }) => (entries[0]?.revision ?? 0) > since);
    const content = await store.changesSince(mark);
    expect(content).toMatchObject({ mark: marks.at(-1), whole: false });
    expect(byKey(content.objects)).toEqual(
      byKey(
        changed.flatMap(({ kind, name, entries: [newest] }) =>
          newest?.body === undefined
            ? []
            : [{ kind, name, version: newest.version, revision: newest.revision, body: newest.body }],
        ),
      ),
    );
    expect(byKey(content.deleted)).toEqual(
      byKey(
        changed.flatMap(({ kind, name, entries: [newest] }) => (newest?.body === undefined ? [{ kind, name }] : [])),
      ),
    );
  }
  const { objects, deleted } = await store.changesSince({ revision, commit: 'never made' });
  expect(deleted).toEqual([]);
  expect(await store.load()).toEqual({ revision, objects });
}

function keyOf({ kind, name }: { readonly kind: KindName; readonly name: string }): string {
  return `${kind}/${name}`;
}

function byKey<T extends { readonly kind: KindName; readonly name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}
