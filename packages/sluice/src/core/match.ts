import {
  meetsNumber,
  meetsSubstrings,
  meetsText,
  meetsVersion,
  type NumberCriterion,
  numberCriterion,
  type SubstringCriterion,
  substringCriterion,
  type TextCriterion,
  textCriterion,
  type VersionCriterion,
  versionCriterion,
} from './criteria.ts';
import { eachOnce } from './each-once.ts';
import type { Rule } from './model.ts';
import type { Query } from './query.ts';
import { type VersionBounds, versionBounds } from './version-bounds.ts';

/**
 * What a rule asks for besides product and channel, read once. Rules that ask for the same may share it.
 * `never` stands for a criterion that cannot be read and so matches nothing.
 */
export interface RuleCriteria {
  readonly versions: VersionCriterion | undefined;
  readonly versionBounds: VersionBounds | undefined;
  readonly platform: string | undefined;
  readonly locales: readonly string[] | undefined;
  readonly osVersion: SubstringCriterion | undefined;
  readonly buildId: TextCriterion | 'never' | undefined;
  readonly memory: NumberCriterion | 'never' | undefined;
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
export function criteriaReader(): (rule: Rule) => RuleCriteria {
  const list = eachOnce((text: string) => text.split(','));
  const versions = eachOnce((text: string) => versionCriterion(text));
  const bounds = eachOnce((text: string) => versionBounds(versions(text)));
  const substrings = eachOnce(substringCriterion);
  const ordered = eachOnce((text: string): TextCriterion | 'never' => textCriterion(text) ?? 'never');
  const number = eachOnce((text: string): NumberCriterion | 'never' => numberCriterion(text) ?? 'never');
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

/** The same text for rules whose criteria, as they are read, are the same, and only for them. */
export function criteriaKey(rule: Rule): string {
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

/** Whether a request meets all criteria of a rule whose product and channel have been looked at before. */
export function meetsCriteria(criteria: RuleCriteria, query: Query): Match {
  const { request } = query;
  const { platform, locales, architecture, distributionVersion, distributions, instructionSets } = criteria;
  if (platform !== undefined && platform !== request.platform) return 'no';
  if (locales !== undefined && !locales.includes(request.locale)) return 'no';
  if (architecture !== undefined && architecture !== request.architecture) return 'no';
  if (distributionVersion !== undefined && distributionVersion !== request.distributionVersion) return 'no';
  if (distributions !== undefined && !distributions.includes(request.distribution)) return 'no';
  if (instructionSets !== undefined && !instructionSets.includes(request.instructionSet)) return 'no';
  if (criteria.jaws !== undefined && criteria.jaws !== request.jaws) return 'no';
  if (criteria.mig64 !== undefined && criteria.mig64 !== request.mig64) return 'no';
  if (!meetsBuildId(criteria, request.buildId)) return 'no';
  if (!meetsMemory(criteria, request.memoryMb)) return 'no';
  if (criteria.osVersion !== undefined && !meetsSubstrings(criteria.osVersion, request.osVersion)) return 'no';
  if (criteria.versions === undefined) return 'yes';
  if (query.version === undefined) return 'unreadable';
  return meetsVersion(criteria.versions, query.version, request.version) ? 'yes' : 'no';
}

function meetsBuildId({ buildId }: RuleCriteria, text: string): boolean {
  if (buildId === undefined) return true;
  return buildId !== 'never' && meetsText(buildId, text);
}

function meetsMemory({ memory }: RuleCriteria, memoryMb: number | undefined): boolean {
  if (memory === undefined || memoryMb === undefined) return true;
  return memory !== 'never' && meetsNumber(memory, memoryMb);
}
