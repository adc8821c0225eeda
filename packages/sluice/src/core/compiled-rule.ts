import { eachOnce } from './each-once.ts';
import { conditionsKey, conditionsReader, type RuleConditions } from './match.ts';
import type { Rule, Versioned } from './model.ts';
import { type ServingAt, servingAt } from './share.ts';

/** A rule made ready to be matched. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly version: number;
  readonly conditions: RuleConditions;
  readonly servingAt: ServingAt;
}

export type CompileRule = (rule: Versioned<Rule>) => CompiledRule;

/**
 * Compiles rules that share what is the same for several of them. A walk over rules is as fast as the memory that it
 * touches is small.
 */
export function ruleCompiler(): CompileRule {
  const read = conditionsReader();
  const known = new Map<string, RuleConditions>();
  const percentage = eachOnce((percent: number) => servingAt({ kind: 'percent', percent }));
  return ({ value: rule, version }) => {
    const key = conditionsKey(rule);
    const conditions = known.get(key) ?? read(rule);
    known.set(key, conditions);
    const { share } = rule;
    return {
      rule,
      version,
      conditions,
      servingAt: share.kind === 'percent' ? percentage(share.percent) : servingAt(share),
    };
  };
}
