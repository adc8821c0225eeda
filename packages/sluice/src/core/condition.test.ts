import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, type ConditionLeaf, evaluate, leavesOf, type Truth } from './condition.ts';

const truths: readonly Truth[] = ['true', 'false', 'unknown'];

/** Leaves are told apart by their ids: in each test a table says what they are. */
const leaf = (id: number): Condition => ({ change: { id, state: 'enacted' } });
const byTable =
  (table: readonly Truth[]) =>
  (one: ConditionLeaf): Truth =>
    'change' in one ? (table[one.change.id] ?? 'unknown') : 'unknown';

const arbitraryTruth = fc.constantFrom(...truths);
const table = fc.array(arbitraryTruth, { minLength: 4, maxLength: 4 });
const { tree } = fc.letrec<{ tree: Condition; leaf: Condition; inner: Condition }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, tie('leaf'), tie('inner')),
  leaf: fc.oneof(fc.nat(3).map(leaf), fc.constant<Condition>({ now: true })),
  inner: fc.oneof(
    fc.array(tie('tree'), { maxLength: 3 }).map((all): Condition => ({ all })),
    fc.array(tie('tree'), { maxLength: 3 }).map((any): Condition => ({ any })),
    tie('tree').map((not): Condition => ({ not })),
  ),
}));

const options = { seed: 4, numRuns: 500 };

/** Two conditions that come to the same, whatever their leaves are. */
function expectSame(law: (a: Condition, b: Condition, c: Condition) => readonly [Condition, Condition]): void {
  fc.assert(
    fc.property(tree, tree, tree, table, (a, b, c, given) => {
      const [one, other] = law(a, b, c);
      expect(evaluate(one, byTable(given))).toBe(evaluate(other, byTable(given)));
    }),
    options,
  );
}

/** How much is known: `unknown` may become anything, what is known stays. */
const knowsNoMore = (less: Truth, more: Truth): boolean => less === 'unknown' || less === more;

describe('a condition', () => {
  test.each<[Condition, Truth]>([
    [{ now: true }, 'true'],
    [{ not: { now: true } }, 'false'],
    [{ all: [] }, 'true'],
    [{ any: [] }, 'false'],
    [leaf(0), 'true'],
    [leaf(1), 'false'],
    [leaf(2), 'unknown'],
    [{ all: [leaf(0), leaf(2)] }, 'unknown'],
    [{ all: [leaf(2), leaf(1)] }, 'false'],
    [{ any: [leaf(1), leaf(2)] }, 'unknown'],
    [{ any: [leaf(2), leaf(0)] }, 'true'],
    [{ not: leaf(2) }, 'unknown'],
    [{ all: [{ any: [leaf(1), leaf(0)] }, { not: leaf(1) }, { all: [leaf(0), { now: true }] }] }, 'true'],
    [{ any: [{ all: [leaf(0), leaf(1)] }, { not: { any: [leaf(2), leaf(0)] } }] }, 'false'],
  ])('%j is %s', (condition, truth) => {
    expect(evaluate(condition, byTable(['true', 'false', 'unknown']))).toBe(truth);
  });

  test('is what Kleene says for each pair', () => {
    const order: readonly Truth[] = ['false', 'unknown', 'true'];
    for (const a of truths) {
      for (const b of truths) {
        const [low, high] = [order.indexOf(a), order.indexOf(b)].sort();
        expect(evaluate({ all: [leaf(0), leaf(1)] }, byTable([a, b]))).toBe(order[low ?? 0]);
        expect(evaluate({ any: [leaf(0), leaf(1)] }, byTable([a, b]))).toBe(order[high ?? 0]);
      }
    }
  });

  test('may be as deep as memory lasts', () => {
    let deep: Condition = leaf(0);
    for (let depth = 0; depth < 100_000; depth += 1) deep = depth % 2 === 0 ? { not: deep } : { all: [deep] };
    expect(evaluate(deep, byTable(['true']))).toBe('true');
    expect(leavesOf(deep)).toEqual([leaf(0)]);
  });

  test('has its leaves from left to right, each as often as it stands there', () => {
    const condition: Condition = { all: [leaf(3), { any: [leaf(1), { not: leaf(2) }] }, { now: true }, leaf(1)] };
    expect(leavesOf(condition)).toEqual([leaf(3), leaf(1), leaf(2), { now: true }, leaf(1)]);
    expect(leavesOf({ any: [] })).toEqual([]);
  });

  test('asks for every leaf but now, whatever the others are', () => {
    const asked: unknown[] = [];
    const condition: Condition = { any: [{ now: true }, { all: [leaf(0), leaf(1)] }] };
    const truth = evaluate(condition, (one) => {
      asked.push(one);
      return 'false';
    });
    expect(truth).toBe('true');
    expect(asked).toHaveLength(2);
  });
});

describe('whatever the leaves are', () => {
  test('the order does not matter', () => {
    expectSame((a, b) => [{ all: [a, b] }, { all: [b, a] }]);
    expectSame((a, b) => [{ any: [a, b] }, { any: [b, a] }]);
  });

  test('nesting does not matter', () => {
    expectSame((a, b, c) => [{ all: [a, { all: [b, c] }] }, { all: [{ all: [a, b] }, c] }]);
    expectSame((a, b, c) => [{ any: [a, { any: [b, c] }] }, { any: [a, b, c] }]);
  });

  test('saying a thing twice does not matter', () => {
    expectSame((a) => [{ all: [a, a] }, a]);
    expectSame((a) => [{ any: [a, a] }, a]);
    expectSame((a) => [{ not: { not: a } }, a]);
  });

  test('now, and nothing, add nothing', () => {
    expectSame((a) => [{ all: [a, { now: true }] }, a]);
    expectSame((a) => [{ any: [a, { any: [] }] }, a]);
    expectSame((a) => [{ any: [a, { now: true }] }, { now: true }]);
    expectSame((a) => [{ all: [a, { any: [] }] }, { any: [] }]);
  });

  test('not turns all into any', () => {
    expectSame((a, b) => [{ not: { all: [a, b] } }, { any: [{ not: a }, { not: b }] }]);
    expectSame((a, b) => [{ not: { any: [a, b] } }, { all: [{ not: a }, { not: b }] }]);
  });

  test('all swallows any of the same, and any all', () => {
    expectSame((a, b) => [{ all: [a, { any: [a, b] }] }, a]);
    expectSame((a, b) => [{ any: [a, { all: [a, b] }] }, a]);
  });

  test('all and any are spread over one another', () => {
    expectSame((a, b, c) => [{ all: [a, { any: [b, c] }] }, { any: [{ all: [a, b] }, { all: [a, c] }] }]);
    expectSame((a, b, c) => [{ any: [a, { all: [b, c] }] }, { all: [{ any: [a, b] }, { any: [a, c] }] }]);
  });

  test('to know more never turns what was known', () => {
    const growing = fc.tuple(table, table).map(([more, mask]) => ({
      more,
      less: more.map((truth, i) => (mask[i] === 'unknown' ? 'unknown' : truth)),
    }));
    fc.assert(
      fc.property(tree, growing, (condition, { less, more }) => {
        expect(knowsNoMore(evaluate(condition, byTable(less)), evaluate(condition, byTable(more)))).toBe(true);
      }),
      options,
    );
  });

  test('what is known of all leaves is known of the whole', () => {
    fc.assert(
      fc.property(tree, fc.array(fc.constantFrom<Truth>('true', 'false'), { minLength: 4 }), (condition, given) => {
        expect(evaluate(condition, byTable(given))).not.toBe('unknown');
      }),
      options,
    );
  });
});
