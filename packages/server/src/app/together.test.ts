import { expect, test } from 'vitest';
import { together } from './together.ts';

/** A work whose end is in the hands of the test; it answers with how often it was begun. */
function aWork() {
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const ask = together(
    () =>
      new Promise<number>((resolve, reject) => {
        const turn = ends.length + 1;
        ends.push(() => resolve(turn));
        fails.push(reject);
      }),
  );
  return { ask, ends, fails };
}

test('whoever asks while a work runs gets the next one, once for all of them', async () => {
  const { ask, ends } = aWork();
  const asked = [ask(), ask(), ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  expect(await asked[0]).toBe(1);
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  const later = ask();
  ends[1]?.();
  expect(await Promise.all(asked)).toEqual([1, 2, 2]);
  await Promise.resolve();
  ends[2]?.();
  expect(await later).toBe(3);
});

test('a work that fails is nobody’s but theirs who asked for it', async () => {
  const { ask, ends, fails } = aWork();
  const [first, second] = [ask(), ask()];
  fails[0]?.(new Error('no'));
  await expect(first).rejects.toThrow('no');
  ends[1]?.();
  expect(await second).toBe(2);
  const third = ask();
  ends[2]?.();
  expect(await third).toBe(3);
});
