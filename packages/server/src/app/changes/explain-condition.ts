import { type Condition, type ConditionLeaf, evaluate, type Truth } from 'sluice';

/** A condition with what it and each part of it come to. */
export interface ExplainedCondition {
  readonly truth: Truth;
  /** One sentence: what it says, and for a leaf what came of it. */
  readonly says: string;
  /** Of a leaf there are none. */
  readonly parts: readonly ExplainedCondition[];
}

const verdicts: Readonly<Record<Truth, string>> = { true: 'holds', false: 'does not hold', unknown: 'cannot be known' };

/** Explains a condition to people, part by part. `truthOf` says what each leaf came to. */
export function explainCondition(condition: Condition, truthOf: (leaf: ConditionLeaf) => Truth): ExplainedCondition {
  const truth = evaluate(condition, truthOf);
  const parts = (of: readonly Condition[]): readonly ExplainedCondition[] =>
    of.map((part) => explainCondition(part, truthOf));
  if ('all' in condition) return { truth, says: 'all of these must hold', parts: parts(condition.all) };
  if ('any' in condition) return { truth, says: 'one of these must hold', parts: parts(condition.any) };
  if ('not' in condition) return { truth, says: 'this must not hold', parts: parts([condition.not]) };
  return { truth, says: `${sentence(condition)}: ${verdicts[truth]}`, parts: [] };
}

function sentence(leaf: ConditionLeaf): string {
  if ('now' in leaf) return 'at once';
  if ('approval' in leaf) {
    const { role, count } = leaf.approval;
    return `${count} ${count === 1 ? 'person' : 'people'} in the role ${role} must sign`;
  }
  if ('change' in leaf) return `change ${leaf.change.id} must be ${leaf.change.state}`;
  const { after, before, zone } = leaf.time;
  const times = [after !== undefined && `from ${after} on`, before !== undefined && `before ${before}`];
  return [times.filter((one) => one !== false).join(' and '), zone && `in ${zone}`].filter(Boolean).join(', ');
}
