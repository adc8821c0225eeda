import { isDeepStrictEqual } from 'node:util';
import type { GlobalThrottleBody } from '../../kinds/global-throttle.ts';
import type { RuleBody } from '../../kinds/rule.ts';
import type { ThrottleBody } from '../../kinds/throttle.ts';
import { type ObjectEdit, saysTheSame, settle } from '../access/object-edit.ts';
import { isNeverAbove } from './is-never-above.ts';

/** Whether edits can only take something away from clients, or may give them something. */
export type Risk = 'lowers' | 'raises';

/**
 * What edits do to the risk. It is lowered by what stops: an emergency stop, a throttle that lets less pass, a rule's share
 * that is at no time above what it was, and a rule whose release becomes its own fallback. All else raises it.
 */
export function riskOf(objects: readonly ObjectEdit[]): Risk {
  return objects.every(isLowered) ? 'lowers' : 'raises';
}

function isLowered({ kind, name, before: raw, after: altered }: ObjectEdit): boolean {
  if (isDeepStrictEqual(raw, altered)) return true;
  const [before, after] = [settle(kind, raw), settle(kind, altered)];
  if (before === null || after === null || after === undefined) return false;
  switch (kind) {
    case 'emergency-stop':
      return before === undefined || saysTheSame(before, after);
    case 'rule':
      return before !== undefined && isLowerRule(before as RuleBody, after as RuleBody);
    case 'throttle':
      return isLowerThrottle(before as ThrottleBody | undefined, after as ThrottleBody);
    case 'global-throttle':
      return name === 'global' && isLowerGlobal(before as GlobalThrottleBody | undefined, after as GlobalThrottleBody);
    default:
      return saysTheSame(before, after);
  }
}

function isLowerRule(before: RuleBody, after: RuleBody): boolean {
  const { share: shareBefore, release: releaseBefore, ...restBefore } = before;
  const { share: shareAfter, release: releaseAfter, ...restAfter } = after;
  if (!saysTheSame(restBefore, restAfter)) return false;
  const isRollback = releaseAfter !== undefined && releaseAfter === before.fallback;
  return (releaseAfter === releaseBefore || isRollback) && isNeverAbove(shareAfter, shareBefore);
}

/** Where no throttle stood, another one may have held more than a new one does. */
function isLowerThrottle(before: ThrottleBody | undefined, after: ThrottleBody): boolean {
  if (after.percent === 0) return true;
  return before !== undefined && after.salt === before.salt && after.percent <= before.percent;
}

function isLowerGlobal(before: GlobalThrottleBody | undefined, after: GlobalThrottleBody): boolean {
  const [was, is] = [passing(before), passing(after)];
  // Another salt lets others pass than before, if only some do.
  return is === 0 || was === 100 || (is <= was && after.salt === before?.salt);
}

function passing(throttle: GlobalThrottleBody | undefined): number {
  return throttle?.on === true ? throttle.percent : 100;
}
