import { type Condition, leavesOf } from 'sluice';
import type { Change, SignOff } from '../../change.ts';
import { principalText } from '../../principal.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Requirement } from '../access/sign-offs-for.ts';
import { isImmediate } from '../conditions/is-immediate.ts';
import type { Moment } from './desk.ts';
import { type Consented, digestOf } from './digest-of.ts';
import { leadsTo } from './leads-to.ts';

/** What a role has to give to a change, and what it has given. */
export interface RoleState extends Requirement {
  /** Whose sign-offs count now. */
  readonly signedBy: readonly string[];
}

/** Works out which sign-offs policies want of a change, and which of those there are. */
export async function requirementsOf(
  desk: Moment,
  change: Consented & Pick<Change, 'id' | 'signOffs' | 'proposer'>,
  objects: readonly ObjectEdit[],
): Promise<readonly RoleState[]> {
  // Without a policy nothing is wanted, and no release has to be read to know it.
  if (![...desk.current.objects.values()].some(({ kind }) => kind === 'policy')) return [];
  const touchesReleases = objects.some(({ kind }) => kind === 'release');
  const leads = touchesReleases ? await leadsTo(desk, change.id) : undefined;
  const requirements = desk.current.access.signOffsFor(objects, {
    rulesNaming: (release) => leads?.to(release) ?? [],
    // What alters nothing now may alter much by then: 0 % is nothing new before there are 25.
    isLater: !isImmediate(change.condition),
  });
  return requirements.map((requirement) => ({
    ...requirement,
    signedBy: countedIn(desk, change, requirement.role, requirement.ownSignOff).map(({ user }) => user),
  }));
}

/** Whether every role has given what it has to. */
export function isSigned(roles: readonly RoleState[]): boolean {
  return roles.every(({ count, signedBy }) => signedBy.length >= count);
}

/**
 * The sign-offs in a role that count: of exactly this content, by people who still hold the role, the proposer's own only
 * where every policy that asks allows it.
 */
export function countedIn(
  { current }: Pick<Moment, 'current'>,
  change: Consented & Pick<Change, 'signOffs' | 'proposer'>,
  role: string,
  ownSignOff: boolean,
): readonly SignOff[] {
  if (change.signOffs.length === 0) return [];
  const digest = digestOf(change);
  const holders = new Set(current.access.holdersOf(role));
  return change.signOffs.filter(
    (signOff) =>
      signOff.role === role &&
      signOff.digest === digest &&
      holders.has(signOff.user) &&
      (ownSignOff || principalText({ kind: 'user', name: signOff.user }) !== change.proposer),
  );
}

/** The roles whose approval a condition waits for, each once, with the greatest count. */
export function approvalsIn(condition: Condition): readonly { readonly role: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const leaf of leavesOf(condition)) {
    if (!('approval' in leaf)) continue;
    const { role, count } = leaf.approval;
    counts.set(role, Math.max(count, counts.get(role) ?? 0));
  }
  return [...counts].map(([role, count]) => ({ role, count }));
}
