import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Store } from '../store.ts';
import { commitEdits } from './commit-edits.ts';
import { commitOptions } from './commit-options.fixture.ts';
import { type Following, type FollowOptions, followStore } from './follow-store.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();

let following: Following | undefined;
afterEach(async () => {
  await following?.stop();
  following = undefined;
});

async function follow(store: Store, more: Partial<FollowOptions> = {}): Promise<Following> {
  following = await followStore(store, { everyMs: 5, ...more });
  return following;
}

function putRelease(store: Store, name: string): Promise<unknown> {
  const blob = { name, schema_version: 4000, products: [] };
  return commitEdits(store, [{ kind: 'release', name, body: { product: 'MyApp', blob }, at: '' }], commitOptions());
}

function deleteRelease(store: Store, name: string): Promise<unknown> {
  return commitEdits(store, [{ kind: 'release', name, body: undefined, at: '' }], commitOptions());
}

function releasesOf({ snapshot }: Following): readonly string[] {
  return [...snapshot().releases.keys()].sort();
}

/** A store that can be out of order. */
function fragile(store: Store): Store & { trouble: Error | undefined; asked: number } {
  const made = {
    ...store,
    trouble: undefined as Error | undefined,
    asked: 0,
    revision: async () => {
      made.asked += 1;
      if (made.trouble !== undefined) throw made.trouble;
      return store.revision();
    },
  };
  return made;
}

describe('following a store', () => {
  test('begins with what it holds', async () => {
    const store = await openTemporary();
    await putRelease(store, 'a');
    const revisions: number[] = [];
    const followed = await follow(store, { onSnapshot: ({ revision }) => revisions.push(revision) });
    expect(followed.snapshot().revision).toBe(1);
    expect(releasesOf(followed)).toEqual(['a']);
    expect(revisions).toEqual([1]);
    expect(followed.trouble()).toBeUndefined();
  });

  test('shows each commit soon, whatever it does, and no snapshot twice', async () => {
    const store = await openTemporary();
    const revisions: number[] = [];
    const followed = await follow(store, { onSnapshot: ({ revision }) => revisions.push(revision) });
    const reach = (revision: number) =>
      vi.waitUntil(() => followed.snapshot().revision === revision, { timeout: 10_000, interval: 2 });
    const [before] = [followed.snapshot()];
    await putRelease(store, 'a');
    await reach(1);
    await putRelease(store, 'b');
    await reach(2);
    expect(releasesOf(followed)).toEqual(['a', 'b']);
    await deleteRelease(store, 'a');
    await reach(3);
    expect(releasesOf(followed)).toEqual(['b']);
    await pause(30);
    expect(revisions).toEqual([0, 1, 2, 3]);
    // A snapshot that somebody holds stays as it was.
    expect(before.releases.size).toBe(0);
  });

  test('looks at once when the store hints that somebody may have committed, also while it looks', async () => {
    const store = await openTemporary();
    const hints = new Set<() => void>();
    let asked = 0;
    const hinting: Store = {
      ...store,
      revision: () => {
        asked += 1;
        return store.revision();
      },
      watch: (onHint) => {
        hints.add(onHint);
        return () => hints.delete(onHint);
      },
    };
    // An hour between two looks: only hints make it look.
    const followed = await follow(hinting, { everyMs: 3_600_000 });
    await putRelease(store, 'a');
    expect(followed.snapshot().revision).toBe(0);
    for (const hint of [...hints, ...hints]) hint();
    await vi.waitUntil(() => followed.snapshot().revision === 1, { timeout: 10_000, interval: 2 });
    await putRelease(store, 'b');
    for (const hint of hints) hint();
    await vi.waitUntil(() => followed.snapshot().revision === 2, { timeout: 10_000, interval: 2 });
    expect(asked).toBeLessThanOrEqual(4);
    await followed.stop();
    expect(hints.size).toBe(0);
  });

  test('keeps the last snapshot while the store fails, tells it once, and recovers by itself', async () => {
    const store = fragile(await openTemporary());
    await putRelease(store, 'a');
    const troubles: unknown[] = [];
    const followed = await follow(store, { onTrouble: (error) => troubles.push(error) });

    const trouble = new Error('out of order');
    store.trouble = trouble;
    await vi.waitUntil(() => followed.trouble() !== undefined, { timeout: 10_000, interval: 2 });
    const asked = store.asked;
    await vi.waitUntil(() => store.asked > asked + 3, { timeout: 10_000, interval: 2 });
    expect(followed.trouble()).toBe(trouble);
    expect(troubles).toEqual([trouble]);
    expect(releasesOf(followed)).toEqual(['a']);

    await putRelease(store, 'b');
    store.trouble = undefined;
    await vi.waitUntil(() => followed.snapshot().revision === 2, { timeout: 10_000, interval: 2 });
    await vi.waitUntil(() => followed.trouble() === undefined, { timeout: 10_000, interval: 2 });
    expect(releasesOf(followed)).toEqual(['a', 'b']);

    store.trouble = trouble;
    await vi.waitUntil(() => troubles.length === 2, { timeout: 10_000, interval: 2 });
  });

  test('reads a store anew that was put back to an earlier state', async () => {
    const [newer, older] = [await openTemporary(), await openTemporary()];
    for (const name of ['a', 'b', 'c']) await putRelease(newer, name);
    await putRelease(older, 'z');
    let current = newer;
    const swapped: Store = {
      ...newer,
      revision: () => current.revision(),
      load: () => current.load(),
      changesSince: (revision) => current.changesSince(revision),
    };
    const followed = await follow(swapped);
    expect(releasesOf(followed)).toEqual(['a', 'b', 'c']);
    current = older;
    await vi.waitUntil(() => followed.snapshot().revision === 1, { timeout: 10_000, interval: 2 });
    expect(releasesOf(followed)).toEqual(['z']);
  });

  test('does not begin where the store cannot be loaded', async () => {
    const store = await openTemporary();
    const load = () => Promise.reject(new Error('no'));
    await expect(followStore({ ...store, load }, { everyMs: 5 })).rejects.toThrow('no');
  });

  test('that was stopped asks no more, and stopping waits for what is under way', async () => {
    const store = fragile(await openTemporary());
    const followed = await follow(store);
    await vi.waitUntil(() => store.asked > 1, { timeout: 10_000, interval: 2 });
    await followed.stop();
    const asked = store.asked;
    await pause(30);
    expect(store.asked).toBe(asked);
    await store.close();
    expect(followed.trouble()).toBeUndefined();
  });
});
