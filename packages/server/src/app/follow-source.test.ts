import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Source } from '../source.ts';
import { storeSource } from '../sources/store.ts';
import type { Store } from '../store.ts';
import { changesOf, openAssembly } from './assemble-snapshot.ts';
import {
  deleteRelease,
  eventually,
  followedSources,
  fragileSource,
  putRelease,
  temporaryShelves,
} from './followed-stores.fixture.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();
const makeShelf = temporaryShelves();
const follow = followedSources();

async function openFragile() {
  const store = await openTemporary();
  return { store, source: fragileSource(store, makeShelf()) };
}

describe('following a source', () => {
  test('begins with what it holds', async () => {
    const { store, source } = await openFragile();
    await putRelease(store, 'a');
    const nowMs = () => 1234;
    const followed = await follow(source, { nowMs });
    expect(followed.revision()).toBe(1);
    expect(followed.releases()).toEqual(['a']);
    expect(followed.changes.map(({ mark }) => mark.revision)).toEqual([1]);
    expect([followed.trouble(), followed.fault()]).toEqual([undefined, undefined]);
    expect(followed.upToDateAtMs()).toBe(1234);
  });

  test('shows each commit soon, whatever it does, and none twice', async () => {
    const { store, source } = await openFragile();
    const followed = await follow(source);
    const before = followed.assembly.assembled();
    await putRelease(store, 'a');
    await followed.reach(1);
    await putRelease(store, 'b');
    await followed.reach(2);
    expect(followed.releases()).toEqual(['a', 'b']);
    await deleteRelease(store, 'a');
    await followed.reach(3);
    expect(followed.releases()).toEqual(['b']);
    await pause(30);
    expect(followed.changes.map(({ mark }) => mark.revision)).toEqual([0, 1, 2, 3]);
    expect(source.fetched).toBe(4);
    // What somebody holds stays as it was.
    expect(before?.snapshot.revision).toBe(0);
  });

  test('looks at once when the source hints that somebody may have committed, also while it looks', async () => {
    const { store, source } = await openFragile();
    const hints = new Set<() => void>();
    const hinting: Source = {
      ...source,
      watch: (onHint) => {
        hints.add(onHint);
        return () => hints.delete(onHint);
      },
    };
    // An hour between two looks: only hints make it look.
    const followed = await follow(hinting, { everyMs: 3_600_000 });
    await putRelease(store, 'a');
    expect(followed.revision()).toBe(0);
    for (const hint of [...hints, ...hints]) hint();
    await followed.reach(1);
    await putRelease(store, 'b');
    for (const hint of hints) hint();
    await followed.reach(2);
    expect(source.asked).toBeLessThanOrEqual(4);
    await followed.stop();
    expect(hints.size).toBe(0);
  });

  test('hands the hints of a store on', async () => {
    const store = await openTemporary();
    const hints = new Set<() => void>();
    const watched: Store = {
      ...store,
      watch: (onHint) => {
        hints.add(onHint);
        return () => hints.delete(onHint);
      },
    };
    const source = storeSource(async () => watched, makeShelf());
    const followed = await follow(source, { everyMs: 3_600_000 });
    await putRelease(store, 'a');
    for (const hint of hints) hint();
    await followed.reach(1);
    await followed.stop();
    await source.close();
    expect(hints.size).toBe(0);
  });

  test('keeps what it has while the source fails, tells it once, and recovers by itself', async () => {
    const { store, source } = await openFragile();
    await putRelease(store, 'a');
    let nowMs = 1;
    const followed = await follow(source, { nowMs: () => nowMs });

    const trouble = new Error('out of order');
    source.trouble = trouble;
    await eventually(() => followed.trouble() !== undefined);
    nowMs = 2;
    const { asked } = source;
    await eventually(() => source.asked > asked + 3);
    expect(followed.trouble()).toBe(trouble);
    expect(followed.troubles).toEqual([trouble]);
    expect(followed.releases()).toEqual(['a']);
    expect(followed.upToDateAtMs()).toBe(1);

    await putRelease(store, 'b');
    source.trouble = undefined;
    await followed.reach(2);
    await eventually(() => followed.trouble() === undefined);
    expect(followed.releases()).toEqual(['a', 'b']);
    expect(followed.upToDateAtMs()).toBe(2);

    source.trouble = trouble;
    await eventually(() => followed.troubles.length === 2);
  });

  test('leaves a source alone for longer and longer while it fails, up to two seconds', async () => {
    const { source } = await openFragile();
    let spreads = 0;
    const spread = () => {
      spreads += 1;
      return 0;
    };
    const followed = await follow(source, { everyMs: 20, spread });
    source.trouble = new Error('away');
    await eventually(() => followed.trouble() !== undefined);
    const { asked } = source;
    await pause(700);
    // 40, 80, 160, 320 milliseconds, while it would have been 35 looks.
    expect(source.asked - asked).toBeLessThanOrEqual(5);
    expect(source.asked - asked).toBeGreaterThanOrEqual(1);
    expect(spreads).toBeGreaterThanOrEqual(2);
  });

  test('opens a store once it can be opened', async () => {
    const store = await openTemporary();
    await putRelease(store, 'a');
    let opened = 0;
    const shelf = makeShelf();
    const source = storeSource(async () => {
      opened += 1;
      if (opened < 4) throw new Error('not yet');
      return store;
    }, shelf);
    await expect(follow(source)).rejects.toThrow('not yet');
    const assembly = openAssembly(shelf);
    assembly.adopt(changesOf({ mark: { revision: 0, commit: '' }, objects: [] }));
    const followed = await follow(source, { assembly });
    await followed.reach(1);
    expect(opened).toBe(4);
    expect(followed.troubles).toHaveLength(1);
  });

  test('does not begin where there is nothing to begin with', async () => {
    const { source } = await openFragile();
    source.trouble = new Error('no');
    const hints: unknown[] = [];
    const watched = { ...source, watch: () => () => hints.push('unwatched') };
    await expect(follow(watched)).rejects.toThrow('no');
    expect(hints).toEqual(['unwatched']);
  });

  test('that was stopped asks no more, and stopping waits for what is under way', async () => {
    const { store, source } = await openFragile();
    const followed = await follow(source);
    await eventually(() => source.asked > 1);
    await followed.stop();
    const { asked } = source;
    await pause(30);
    expect(source.asked).toBe(asked);
    await store.close();
    expect(followed.trouble()).toBeUndefined();
  });

  test('can be stopped at once while it waits, for the next look or for a source that is away', async () => {
    const { source } = await openFragile();
    const patient = await follow(source, { everyMs: 3_600_000 });
    await patient.stop();
    const away = await follow(source, { everyMs: 1_000_000, spread: () => 0 });
    source.trouble = new Error('away');
    away.refetch();
    await eventually(() => away.trouble() !== undefined);
    await away.stop();
    expect(away.trouble()).toBe(source.trouble);
  });
});

describe('a database', () => {
  test('that was put back to an earlier state is read anew', async () => {
    const [newer, older] = [await openTemporary(), await openTemporary()];
    for (const [atMs, name] of ['a', 'b', 'c'].entries()) await putRelease(newer, name, atMs);
    await putRelease(older, 'z', 7);
    let current: Source = fragileSource(newer, makeShelf());
    const [first, second] = [current, fragileSource(older, makeShelf())];
    const swapped: Source = {
      ...first,
      newest: () => current.newest(),
      changesSince: (mark) => current.changesSince(mark),
    };
    const followed = await follow(swapped);
    expect(followed.releases()).toEqual(['a', 'b', 'c']);
    current = second;
    await followed.reach(1);
    expect(followed.releases()).toEqual(['z']);
    expect(followed.changes.at(-1)?.whole).toBe(true);
    // And forward again.
    current = first;
    await followed.reach(3);
    expect(followed.releases()).toEqual(['a', 'b', 'c']);
  });

  test('that lost a commit and got another in its place is read anew, though the revision is the same', async () => {
    const [before, after] = [await openTemporary(), await openTemporary()];
    await putRelease(before, 'a', 1);
    await putRelease(before, 'lost', 2);
    await putRelease(after, 'a', 1);
    await putRelease(after, 'b', 3);
    const [first, second] = [fragileSource(before, makeShelf()), fragileSource(after, makeShelf())];
    let current = first;
    const swapped: Source = {
      ...first,
      newest: () => current.newest(),
      changesSince: (mark) => current.changesSince(mark),
    };
    const followed = await follow(swapped);
    expect(followed.releases()).toEqual(['a', 'lost']);
    current = second;
    await eventually(() => followed.releases().includes('b'));
    expect(followed.releases()).toEqual(['a', 'b']);
    expect(followed.revision()).toBe(2);
  });
});
