import { coversChannel } from './channel.ts';
import {
  meetsNumber,
  meetsSubstrings,
  meetsText,
  meetsVersion,
  type NumberCondition,
  numberCondition,
  type SubstringCondition,
  substringCondition,
  type TextCondition,
  textCondition,
  type VersionCondition,
  versionCondition,
} from './conditions.ts';
import type { Rule, Versioned } from './model.ts';
import type { Query } from './query.ts';
import { type ServingAt, servingAt } from './share.ts';

/** A rule made ready to be matched. `never` stands for a condition that cannot be read and so matches nothing. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly version: number;
  readonly servingAt: ServingAt;
  readonly versions: VersionCondition | undefined;
  readonly buildId: TextCondition | 'never' | undefined;
  readonly memory: NumberCondition | 'never' | undefined;
  readonly osVersion: SubstringCondition | undefined;
  readonly locales: readonly string[] | undefined;
  readonly instructionSets: readonly string[] | undefined;
  readonly distributions: readonly string[] | undefined;
}

/** `unreadable` says that the rule asks about the client's version, which cannot be read. */
export type Match = 'yes' | 'no' | 'unreadable';

export function compileRule({ value: rule, version }: Versioned<Rule>): CompiledRule {
  return {
    rule,
    version,
    servingAt: servingAt(rule.share),
    versions: rule.version === undefined ? undefined : versionCondition(rule.version, rule.product),
    buildId: rule.buildId === undefined ? undefined : (textCondition(rule.buildId) ?? 'never'),
    memory: rule.memory === undefined ? undefined : (numberCondition(rule.memory) ?? 'never'),
    osVersion: rule.osVersion === undefined ? undefined : substringCondition(rule.osVersion),
    locales: rule.locale?.split(','),
    instructionSets: rule.instructionSet?.split(','),
    distributions: rule.distribution?.split(','),
  };
}

/** Whether a rule covers the channel of a request, or the one that a partner's channel follows. */
export function matchesChannel({ rule }: CompiledRule, { request, fallbackChannel }: Query): boolean {
  if (rule.channel === undefined) return true;
  return coversChannel(rule.channel, request.channel) || coversChannel(rule.channel, fallbackChannel);
}

/** Whether a request meets all of a rule's conditions but its channel, which the index has looked at before. */
export function matchRule(compiled: CompiledRule, query: Query): Match {
  const { rule } = compiled;
  const { request } = query;
  if (rule.product !== undefined && rule.product !== request.product) return 'no';
  if (rule.platform !== undefined && rule.platform !== request.platform) return 'no';
  if (compiled.locales !== undefined && !compiled.locales.includes(request.locale)) return 'no';
  if (rule.architecture !== undefined && rule.architecture !== request.architecture) return 'no';
  if (rule.distributionVersion !== undefined && rule.distributionVersion !== request.distributionVersion) return 'no';
  if (compiled.distributions !== undefined && !compiled.distributions.includes(request.distribution)) return 'no';
  if (compiled.instructionSets !== undefined && !compiled.instructionSets.includes(request.instructionSet)) return 'no';
  if (rule.jaws !== undefined && rule.jaws !== request.jaws) return 'no';
  if (rule.mig64 !== undefined && rule.mig64 !== request.mig64) return 'no';
  if (!meetsBuildId(compiled, request.buildId)) return 'no';
  if (!meetsMemory(compiled, request.memoryMb)) return 'no';
  if (compiled.osVersion !== undefined && !meetsSubstrings(compiled.osVersion, request.osVersion)) return 'no';
  if (compiled.versions === undefined) return 'yes';
  if (query.version === undefined) return 'unreadable';
  return meetsVersion(compiled.versions, query.version, request.version) ? 'yes' : 'no';
}

function meetsBuildId({ buildId }: CompiledRule, text: string): boolean {
  if (buildId === undefined) return true;
  return buildId !== 'never' && meetsText(buildId, text);
}

function meetsMemory({ memory }: CompiledRule, memoryMb: number | undefined): boolean {
  if (memory === undefined || memoryMb === undefined) return true;
  return memory !== 'never' && meetsNumber(memory, memoryMb);
}
