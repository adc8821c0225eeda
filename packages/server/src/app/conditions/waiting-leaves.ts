import { type Condition, type ConditionLeaf, evaluate, type Truth } from 'sluice';

/**
 * The leaves that keep a condition from being true, from left to right: beneath `not` it is those that are true. What another
 * part makes up for is left out.
 */
export function waitingLeaves(
  condition: Condition,
  truthOf: (leaf: ConditionLeaf) => Truth,
  wanted: 'true' | 'false' = 'true',
): readonly ConditionLeaf[] {
  if (evaluate(condition, truthOf) === wanted) return [];
  const among = (parts: readonly Condition[]) => parts.flatMap((part) => waitingLeaves(part, truthOf, wanted));
  if ('all' in condition) return among(condition.all);
  if ('any' in condition) return among(condition.any);
  if ('not' in condition) return waitingLeaves(condition.not, truthOf, wanted === 'true' ? 'false' : 'true');
  return [condition];
}
