import fc from 'fast-check';
import { type Condition, type ConditionLeaf, evaluate, type Truth } from 'sluice';
import { expect, test } from 'vitest';
import { waitingLeaves } from './waiting-leaves.ts';

const leaf = (id: number): Condition => ({ change: { id, state: 'enacted' } });
/** Changes 1 to 9 are so, 10 to 19 are not, of others nothing is known. */
const truthOf = (one: ConditionLeaf): Truth => {
  const id = 'change' in one ? one.change.id : 0;
  return id < 10 ? 'true' : id < 20 ? 'false' : 'unknown';
};

test.each<[Condition, readonly number[]]>([
  [leaf(1), []],
  [leaf(10), [10]],
  [{ all: [leaf(1), leaf(10), leaf(20)] }, [10, 20]],
  [{ any: [leaf(1), leaf(10), leaf(20)] }, []],
  [{ any: [leaf(10), leaf(20)] }, [10, 20]],
  [{ not: leaf(1) }, [1]],
  [{ not: leaf(10) }, []],
  [{ not: { all: [leaf(1), leaf(20)] } }, [1, 20]],
  [{ all: [{ any: [leaf(1), leaf(10)] }, { not: { any: [leaf(2), leaf(11)] } }] }, [2]],
  [{ all: [leaf(10), leaf(10)] }, [10, 10]],
])('%j waits for %j', (condition, ids) => {
  expect(waitingLeaves(condition, truthOf)).toEqual(ids.map(leaf));
});

test('whatever is not true waits for something, and what is true for nothing', () => {
  const { tree } = fc.letrec<{ readonly tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.integer({ min: 1, max: 29 }).map(leaf),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('tree').map((not) => ({ not })),
    ),
  }));
  fc.assert(
    fc.property(tree, (condition) => {
      const waits = waitingLeaves(condition, truthOf).length > 0;
      expect(waits).toBe(evaluate(condition, truthOf) !== 'true');
    }),
    { seed: 5, numRuns: 300 },
  );
});
