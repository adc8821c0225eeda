import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KindName } from '../kind.ts';
import type { ObjectName, Store, StoreContent, StoredObject, StoreEdit, StoreView } from '../store.ts';
import { changeOf, note, type StorePlace } from './store-place.contract.ts';

/** The part of the suite that is about reading the past page by page. */
export function describePages(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const kinds: readonly KindName[] = ['pin', 'release', 'rule'];
    const names = ['a', 'A', 'a/b', 'b*', '"', '\\', '\0', 'é', '☃', '\ud83d\ude00', '\ud800', 'z'.repeat(1000)];
    const revisions = 20;

    /** Each revision touches some of the names, as a multiplication makes of the numbers; every fifth deletes. */
    async function makeHistory(): Promise<void> {
      for (let revision = 1; revision <= revisions; revision++) {
        const edits = kinds.flatMap((kind, k) =>
          names.flatMap((one, n): readonly StoreEdit[] => {
            const chance = (revision * 37 + k * 11 + n * 17) % 7;
            return chance > 2 ? [] : [{ kind, name: one, body: { revision, chance } }];
          }),
        );
        const living = (await store.load()).objects;
        const gone = revision % 5 === 0 ? living.filter((_, i) => i % 3 === 0) : [];
        const left = edits.filter((edit) => gone.every((one) => !isSame(one, edit)));
        await store.commit(
          [...left, ...gone.map((one): StoreEdit => ({ kind: one.kind, name: one.name, body: undefined }))],
          { ...note, atMs: revision },
        );
      }
    }

    async function allPages<T extends ObjectName>(
      page: (after: ObjectName | undefined) => Promise<readonly T[]>,
    ): Promise<readonly T[]> {
      const found: T[] = [];
      for (let after: ObjectName | undefined; ; ) {
        const some = await page(after);
        found.push(...some);
        const last = some.at(-1);
        if (last === undefined) return found;
        after = { kind: last.kind, name: last.name };
      }
    }

    const livingAt = (view: StoreView, revision: number, limit: number, of = kinds) =>
      allPages((after) => view.objects({ revision, kinds: of, limit, ...(after && { after }) }));

    const contentAt = async (view: StoreView, revision: number): Promise<StoreContent> =>
      revision === 0 ? { revision: 0, objects: [] } : view.loadAt(revision);

    test('the pages of what lived at a revision are what lived then, without gaps or doubles', async () => {
      await makeHistory();
      await store.read(async (view) => {
        for (let revision = 0; revision <= revisions + 1; revision++) {
          const { objects } = await contentAt(view, revision);
          expect(await livingAt(view, revision, 7)).toEqual(objects);
        }
        const pins = (await view.loadAt(9)).objects.filter(({ kind }) => kind === 'pin');
        expect(await livingAt(view, 9, 1, ['pin'])).toEqual(pins);
        expect(await livingAt(view, 9, 1000, [])).toEqual([]);
      });
    });

    test('an object is found by its name, in the version of then, without its body where that is not wanted', async () => {
      await makeHistory();
      await store.read(async (view) => {
        for (const wanted of names) {
          const objects = (await view.loadAt(12)).objects.filter((object) => object.name === wanted);
          expect(await view.objects({ revision: 12, kinds, name: wanted, limit: 10 })).toEqual(objects);
          const bodiless = await view.objects({ revision: 12, kinds, name: wanted, bodiless: ['release'], limit: 10 });
          expect(bodiless).toEqual(
            objects.map((object): StoredObject => (object.kind === 'release' ? { ...object, body: null } : object)),
          );
        }
      });
    });

    test('what was touched between two revisions is told with its version at each', async () => {
      await makeHistory();
      await store.read(async (view) => {
        for (const [from, to] of [
          [0, 3],
          [3, 4],
          [4, revisions],
          [7, 7],
          [9, 8],
        ] as const) {
          const [before, after] = [await contentAt(view, from), await contentAt(view, to)];
          const touched = await allPages((last) =>
            view.touched({ from, to, kinds, limit: 5, ...(last && { after: last }) }),
          );
          const versions = (one: ObjectName) => {
            const [was, is] = [before, after].map(
              ({ objects }) => objects.find((object) => isSame(object, one))?.version,
            );
            return { ...(was !== undefined && { from: was }), ...(is !== undefined && { to: is }) };
          };
          const differing = new Set<ObjectName>();
          for (const one of kinds.flatMap((kind) => names.map((wanted) => ({ kind, name: wanted })))) {
            const { from: was, to: is } = versions(one);
            if (was !== is && from < to) differing.add(one);
          }
          expect(touched.map((one) => ({ kind: one.kind, name: one.name, ...versions(one) }))).toEqual(touched);
          for (const one of differing) expect(touched.some((other) => isSame(one, other))).toBe(true);
          expect(new Set(touched.map((one) => `${one.kind} ${one.name}`)).size).toBe(touched.length);
        }
        expect(await view.touched({ from: 0, to: revisions, kinds: [], limit: 5 })).toEqual([]);
      });
    });

    test('the versions of an object are its history without the bodies, page by page, each with its change', async () => {
      await makeHistory();
      await store.write(async (tx) => {
        const { revision } = await tx.commit([{ kind: 'rule', name: 'a', body: 'changed' }], note);
        const change = changeOf(1);
        const target = { kind: 'rule', name: 'a', expectedVersion: 1, madeVersion: 2 } as const;
        await tx.putChange({
          ...change,
          state: 'enacted',
          edits: [{ ...target, op: 'put' }],
          end: { by: 'x', atMs: 1, reason: '', revision },
        });
      });
      await store.read(async (view) => {
        for (const one of names) {
          const history = await view.history('rule', one);
          const found = [];
          for (let before = Number.MAX_SAFE_INTEGER; ; ) {
            const page = await view.versions({ kind: 'rule', name: one, before, limit: 3 });
            found.push(...page);
            const last = page.at(-1);
            if (last === undefined) break;
            before = last.version;
          }
          expect(found).toEqual(
            history.map(({ body, ...header }, i) => ({
              ...header,
              deleted: body === undefined,
              ...(one === 'a' && i === 0 && { change: 1 }),
            })),
          );
        }
        expect(await view.versions({ kind: 'rule', name: 'never', limit: 3 })).toEqual([]);
      });
    });
  });
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.kind === b.kind && a.name === b.name;
}
