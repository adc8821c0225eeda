import type { Current } from '../../app/changes/current.ts';
import type { Caller } from '../../app/changes/desk.ts';
import { approvalsIn } from '../../app/changes/requirements.ts';
import type { Change, ChangeReach, ChangeSummary } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import type { Action } from '../../permission.ts';
import { type Principal, principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';

type Seen = Change | ChangeSummary;

/**
 * Whether somebody may see a change: what it touches has to be theirs to read, or to see what is pending there, as an agent
 * may. Whoever proposed it or could sign it may see it too.
 */
export function isVisible(current: Pick<Current, 'access'>, caller: Caller, change: Seen): boolean {
  if (mayEverywhere(current, caller, change.state === 'pending' ? 'read-changes' : 'read', change)) return true;
  const { principal, scopes } = caller;
  if (scopes !== undefined && !scopes.includes('read') && !scopes.includes('sign')) return false;
  return change.proposer === principalText(principal) || couldSign(current, principal, change);
}

/** Whether somebody may keep up with a change: see it while it is pending, and afterwards that it is over. */
export function mayWatch(current: Pick<Current, 'access'>, caller: Caller, change: Seen): boolean {
  return mayEverywhere(current, caller, 'read-changes', change);
}

/** Whether somebody may have a change enacted, as far as permissions say. */
export function mayEnact(current: Pick<Current, 'access'>, caller: Caller, change: Seen): boolean {
  return mayEverywhere(current, caller, 'enact', change);
}

function couldSign({ access }: Pick<Current, 'access'>, principal: Principal, { reaches, condition }: Seen): boolean {
  const held = access.rolesOf(principal);
  return approvalsIn(condition).some(({ role }) => held.includes(role)) || access.isSignerOver(principal, reaches);
}

/** @throws Problem `change-not-found`, as for one that there is not, so that nobody learns what there is */
export function refuseUnseen(current: Pick<Current, 'access'>, caller: Caller, change: Seen): void {
  if (!isVisible(current, caller, change)) throw new Problem('change-not-found', `there is no change ${change.id}`);
}

/** @throws Problem `change-not-found`, as for one that there is not, unless every step of it may be seen */
export function refuseUnseenChain(
  current: Pick<Current, 'access'>,
  caller: Caller,
  { id, steps }: { readonly id: number; readonly steps: readonly Change[] },
): void {
  if (steps.every((step) => isVisible(current, caller, step))) return;
  throw new Problem('change-not-found', `there is no chain ${id}`);
}

/** @throws Problem `not-allowed` for whoever may not have this change enacted */
export function refuseUnlessAllowed(
  current: Pick<Current, 'access'>,
  caller: Caller,
  action: 'enact' | 'report',
  change: Seen,
): void {
  if (mayEverywhere(current, caller, action, change)) return;
  const what = action === 'enact' ? `have change ${change.id} enacted` : `report evidence about change ${change.id}`;
  throw new Problem('not-allowed', `${caller.principal.name} may not ${what}`);
}

function mayEverywhere(
  { access }: Pick<Current, 'access'>,
  { principal, scopes }: Caller,
  action: Action,
  change: Seen,
): boolean {
  return [...reachesByKind(change)].every(([kind, reaches]) =>
    access.may(principal, action, { kind, reaches }, scopes),
  );
}

/** What a change touches of each kind; nothing of a kind whose objects lie nowhere in particular. */
function reachesByKind(change: Seen): ReadonlyMap<KindName, readonly ChangeReach[]> {
  const objects = 'edits' in change ? change.edits : change.objects;
  const kinds = new Map<KindName, ChangeReach[]>(objects.map(({ kind }) => [kind, []]));
  for (const reach of change.reaches) kinds.set(reach.kind, [...(kinds.get(reach.kind) ?? []), reach]);
  return kinds;
}
