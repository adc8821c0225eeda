import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { digestOf } from './digest-of.ts';
import { enactIfReady } from './enact-change.ts';
import { isProposer } from './judge.ts';
import { approvalsIn, requirementsOf } from './requirements.ts';
import { stateAfter } from './transitions.ts';
import { workOut } from './work-out.ts';

/**
 * Gives a person's consent, in a role, to a change as it is. The last one that is needed enacts a change that waits for
 * nothing else. Signing again in the same role changes nothing.
 *
 * @param role may be left out by whoever holds just one of the roles that are asked for
 * @throws Problem `change-not-open`, `change-in-conflict`, `sign-off-refused`
 */
export async function signOffChange(desk: Desk, change: Change, role: string | undefined): Promise<Acted> {
  const { current, caller, nowMs, tx } = desk;
  const { kind, name: user } = caller.principal;
  if (kind !== 'user') throw refused(`a ${kind} holds no sign-off: only people do`);
  if (caller.scopes?.includes('sign') === false) throw refused('the token that was sent may not sign');
  if (stateAfter('sign', change.state) === undefined) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and takes no sign-off`);
  }
  if (change.conflicts.length > 0) {
    throw new Problem('change-in-conflict', `change ${change.id} has to be edited before it can be signed`);
  }
  const worked = await workOut(desk, change);
  const required = await requirementsOf(desk, change, worked.objects);
  const asked = [...new Set([...required, ...approvalsIn(change.condition)].map((one) => one.role))];
  const held = current.access.rolesOf(caller.principal);
  const as = role ?? onlyOne(asked.filter((one) => held.includes(one)));
  if (!asked.includes(as)) {
    throw refused(
      `change ${change.id} needs no sign-off as ${as}${asked.length > 0 ? `, but as ${asked.join(', ')}` : ''}`,
    );
  }
  if (!held.includes(as)) throw refused(`${user} does not hold the role ${as}`);
  const isOwnAllowed = required.find((one) => one.role === as)?.ownSignOff ?? false;
  if (isProposer(desk, change) && !isOwnAllowed)
    throw refused(`who proposed change ${change.id} may not sign it as ${as}`);
  const digest = digestOf(change);
  const before = change.signOffs.find((signOff) => signOff.user === user);
  if (before !== undefined && before.role !== as) {
    throw refused(`${user} has signed as ${before.role}, and may sign in one role only: withdraw that first`);
  }
  if (before?.digest === digest) return { change, warnings: worked.warnings };
  const signOffs = [...change.signOffs.filter((one) => one !== before), { user, role: as, atMs: nowMs, digest }];
  const signed: Change = { ...change, signOffs, version: change.version + 1, updatedAtMs: nowMs };
  await tx.append({
    atMs: nowMs,
    actor: principalText(caller.principal),
    action: 'change.signed',
    change: change.id,
    detail: { role: as, digest },
  });
  return enactIfReady(desk, signed, worked);
}

function onlyOne(roles: readonly string[]): string {
  const [first, ...rest] = roles;
  if (first === undefined) throw refused('none of the roles that are asked for is held');
  if (rest.length > 0) throw refused(`say in which role: ${roles.join(', ')}`);
  return first;
}

function refused(detail: string): Problem {
  return new Problem('sign-off-refused', detail);
}
