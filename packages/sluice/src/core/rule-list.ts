import { coversChannel } from './channel.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { meetsCriteria, type RuleCriteria } from './match.ts';
import type { Query } from './query.ts';
import { versionKey } from './version-bounds.ts';

/**
 * Rules in the order in which the first match wins. What a walk looks at stands side by side: among thousands of rules
 * the time goes into fetching them from memory, not into comparing.
 */
export interface RuleList {
  readonly rules: readonly CompiledRule[];
  /** The criteria of each rule. */
  readonly criteria: readonly RuleCriteria[];
  /** The lowest and the highest version key of each rule, in turn; absent where no rule asks for a version. */
  readonly bounds: readonly number[] | undefined;
}

export function ruleList(rules: readonly CompiledRule[]): RuleList {
  const criteria = rules.map((each) => each.criteria);
  const bounds = criteria.flatMap(({ versionBounds }) => [
    versionBounds?.low ?? Number.NEGATIVE_INFINITY,
    versionBounds?.high ?? Number.POSITIVE_INFINITY,
  ]);
  const asked = criteria.some(({ versionBounds }) => versionBounds !== undefined);
  return { rules, criteria, bounds: asked ? bounds : undefined };
}

/**
 * The first rule that matches, or would if the client's version could be read.
 *
 * @param channel what the rules have still to cover, where they have not been chosen by it
 */
export function firstIn(
  { rules, criteria, bounds }: RuleList,
  query: Query,
  channel: string | undefined,
): CompiledRule | undefined {
  const key = bounds === undefined ? Number.NaN : versionKey(query.version);
  for (let at = 0; at < rules.length; at += 1) {
    // Not a number where the version cannot be read: then neither holds, and the rule is looked at.
    if (bounds !== undefined && (key < (bounds[2 * at] as number) || key > (bounds[2 * at + 1] as number))) continue;
    if (channel !== undefined && !coversOpen(rules[at], channel)) continue;
    if (meetsCriteria(criteria[at] as RuleCriteria, query) !== 'no') return rules[at];
  }
  return undefined;
}

function coversOpen(compiled: CompiledRule | undefined, channel: string): boolean {
  const asked = compiled?.rule.channel;
  return asked === undefined || coversChannel(asked, channel);
}
