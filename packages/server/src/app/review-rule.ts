import { numberCriterion, textCriterion, versionCriterion } from 'sluice';
import type { RuleBody } from '../kinds/rule.ts';
import { missingRelease } from './missing-release.ts';
import type { After, ReviewFinding } from './review.ts';

/** What a person should know about a rule: releases that do not exist, criteria that no request meets. */
export function reviewRule(name: string, rule: RuleBody, after: After): readonly ReviewFinding[] {
  const findings: ReviewFinding[] = [];
  const doubt = (field: keyof RuleBody, message: string): void => {
    findings.push({ path: [field], message, code: 'invalid-object' });
  };
  if (rule.release === undefined)
    findings.push({ path: ['release'], message: 'no release: whoever matches gets nothing' });
  else findings.push(...missingRelease(rule.release, ['release'], after));
  if (rule.fallback !== undefined) findings.push(...missingRelease(rule.fallback, ['fallback'], after));
  if (rule.version !== undefined) {
    const { unreadable } = versionCriterion(rule.version, rule.product);
    if (unreadable.length > 0) doubt('version', `no version can be read from ${unreadable.join(', ')}`);
  }
  if (rule.buildId !== undefined && textCriterion(rule.buildId) === undefined)
    doubt('buildId', 'nothing can meet this');
  if (rule.memory !== undefined && numberCriterion(rule.memory) === undefined) doubt('memory', 'nothing can meet this');
  if (rule.channel?.endsWith('*') === true && rule.channel.length < 3) {
    doubt('channel', 'a glob needs two characters before its *');
  }
  if (rule.alias !== undefined) {
    const twin = after
      .all('rule')
      .find((other) => other.name !== name && (other.body as RuleBody).alias === rule.alias);
    if (twin !== undefined) doubt('alias', `rule ${twin.name} has this alias too`);
  }
  return findings;
}
