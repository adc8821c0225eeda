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
import { eachOnce } from './each-once.ts';
import type { Rule } from './model.ts';
import type { Query } from './query.ts';
import { type VersionBounds, versionBounds } from './version-bounds.ts';

/**
 * What a rule asks for besides product and channel, read once. Rules that ask for the same may share it.
 * `never` stands for a condition that cannot be read and so matches nothing.
 */
export interface RuleConditions {
  readonly versions: VersionCondition | undefined;
  readonly versionBounds: VersionBounds | undefined;
  readonly platform: string | undefined;
  readonly locales: readonly string[] | undefined;
  readonly osVersion: SubstringCondition | undefined;
  readonly buildId: TextCondition | 'never' | undefined;
  readonly memory: NumberCondition | 'never' | undefined;
  readonly instructionSets: readonly string[] | undefined;
  readonly distributions: readonly string[] | undefined;
  readonly distributionVersion: string | undefined;
  readonly architecture: string | undefined;
  readonly jaws: boolean | undefined;
  readonly mig64: boolean | undefined;
}

/** `unreadable` says that the rule asks about the client's version, which cannot be read. */
export type Match = 'yes' | 'no' | 'unreadable';

/** Reads rules, and each text that several of them have only once. */
export function conditionsReader(): (rule: Rule) => RuleConditions {
  const list = eachOnce((text: string) => text.split(','));
  const versions = eachOnce((text: string) => versionCondition(text));
  const bounds = eachOnce((text: string) => versionBounds(versions(text)));
  const substrings = eachOnce(substringCondition);
  const ordered = eachOnce((text: string): TextCondition | 'never' => textCondition(text) ?? 'never');
  const number = eachOnce((text: string): NumberCondition | 'never' => numberCondition(text) ?? 'never');
  return (rule) => ({
    versions: maybe(rule.version, versions),
    versionBounds: maybe(rule.version, bounds),
    platform: rule.platform,
    locales: maybe(rule.locale, list),
    osVersion: maybe(rule.osVersion, substrings),
    buildId: maybe(rule.buildId, ordered),
    memory: maybe(rule.memory, number),
    instructionSets: maybe(rule.instructionSet, list),
    distributions: maybe(rule.distribution, list),
    distributionVersion: rule.distributionVersion,
    architecture: rule.architecture,
    jaws: rule.jaws,
    mig64: rule.mig64,
  });
}

function maybe<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

/** The same text for rules whose conditions, as they are read, are the same, and only for them. */
export function conditionsKey(rule: Rule): string {
  const { version, platform, locale, osVersion, buildId, memory } = rule;
  const { instructionSet, distribution, distributionVersion, architecture, jaws, mig64 } = rule;
  return (
    keyPart(version) +
    keyPart(platform) +
    keyPart(locale) +
    keyPart(osVersion) +
    keyPart(buildId) +
    keyPart(memory) +
    keyPart(instructionSet) +
    keyPart(distribution) +
    keyPart(distributionVersion) +
    keyPart(architecture) +
    keyPart(jaws) +
    keyPart(mig64)
  );
}

/** With its length, so that no text can look like two parts. */
function keyPart(value: string | boolean | undefined): string {
  if (value === undefined) return '-';
  return typeof value === 'boolean' ? (value ? 'y' : 'n') : `${value.length}:${value}`;
}

/** Whether a request meets all conditions of a rule whose product and channel have been looked at before. */
export function meetsConditions(conditions: RuleConditions, query: Query): Match {
  const { request } = query;
  const { platform, locales, architecture, distributionVersion, distributions, instructionSets } = conditions;
  if (platform !== undefined && platform !== request.platform) return 'no';
  if (locales !== undefined && !locales.includes(request.locale)) return 'no';
  if (architecture !== undefined && architecture !== request.architecture) return 'no';
  if (distributionVersion !== undefined && distributionVersion !== request.distributionVersion) return 'no';
  if (distributions !== undefined && !distributions.includes(request.distribution)) return 'no';
  if (instructionSets !== undefined && !instructionSets.includes(request.instructionSet)) return 'no';
  if (conditions.jaws !== undefined && conditions.jaws !== request.jaws) return 'no';
  if (conditions.mig64 !== undefined && conditions.mig64 !== request.mig64) return 'no';
  if (!meetsBuildId(conditions, request.buildId)) return 'no';
  if (!meetsMemory(conditions, request.memoryMb)) return 'no';
  if (conditions.osVersion !== undefined && !meetsSubstrings(conditions.osVersion, request.osVersion)) return 'no';
  if (conditions.versions === undefined) return 'yes';
  if (query.version === undefined) return 'unreadable';
  return meetsVersion(conditions.versions, query.version, request.version) ? 'yes' : 'no';
}

function meetsBuildId({ buildId }: RuleConditions, text: string): boolean {
  if (buildId === undefined) return true;
  return buildId !== 'never' && meetsText(buildId, text);
}

function meetsMemory({ memory }: RuleConditions, memoryMb: number | undefined): boolean {
  if (memory === undefined || memoryMb === undefined) return true;
  return memory !== 'never' && meetsNumber(memory, memoryMb);
}
