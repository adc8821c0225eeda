import { expect, test } from 'vitest';
import { lateWatch } from './late-watch.ts';

/** A store that can be watched, and counts who does. */
function aStore() {
  const hints = new Set<() => void>();
  return {
    hints,
    watch(onHint: () => void) {
      hints.add(onHint);
      return () => void hints.delete(onHint);
    },
  };
}

test('all who listen hear over one watch, which ends with the last of them', () => {
  const store = aStore();
  const heard: string[] = [];
  const watch = lateWatch(() => store);
  const stops = ['a', 'b'].map((name) => watch(() => heard.push(name)));
  expect(store.hints.size).toBe(1);
  for (const hint of store.hints) hint();
  stops[0]?.();
  for (const hint of store.hints) hint();
  expect(heard).toEqual(['a', 'b', 'b']);
  stops[1]?.();
  stops[1]?.();
  expect(store.hints.size).toBe(0);
  watch(() => heard.push('c'));
  expect(store.hints.size).toBe(1);
});

test('a store that is not open yet is watched by the next who comes', () => {
  const store = aStore();
  let opened: typeof store | undefined;
  const heard: string[] = [];
  const watch = lateWatch(() => opened);
  watch(() => heard.push('early'));
  opened = store;
  watch(() => heard.push('late'));
  for (const hint of store.hints) hint();
  expect(heard).toEqual(['early', 'late']);
});
