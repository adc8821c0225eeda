import { eachOnce } from './each-once.ts';
import { criteriaKey, criteriaReader, type RuleCriteria } from './match.ts';
import type { Rule, Versioned } from './model.ts';
import { type ServingAt, servingAt } from './share.ts';

/** A rule made ready to be matched. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly version: number;
  readonly criteria: RuleCriteria;
  readonly servingAt: ServingAt;
}

export type CompileRule = (rule: Versioned<Rule>) => CompiledRule;

/**
 * Compiles rules that share what is the same for several of them. A walk over rules is as fast as the memory that it
 * touches is small.
 */
export function ruleCompiler(): CompileRule {
  const read = criteriaReader();
  const known = new Map<string, RuleCriteria>();
  const percentage = eachOnce((percent: number) => servingAt({ kind: 'percent', percent }));
  return ({ value: rule, version }) => {
    const key = criteriaKey(rule);
    const criteria = known.get(key) ?? read(rule);
    known.set(key, criteria);
    const { share } = rule;
    return {
      rule,
      version,
      criteria,
      servingAt: share.kind === 'percent' ? percentage(share.percent) : servingAt(share),
    };
  };
}
