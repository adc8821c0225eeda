import type { Change } from '../../change.ts';
import type { Caller, Moment } from './desk.ts';
import { isProposer } from './judge.ts';
import { approvalsIn, requirementsOf } from './requirements.ts';
import { touchedObjects } from './touched-objects.ts';

/** Gives a function that says of anybody whether they may veto a change. */
export async function whoMayVeto(moment: Moment, change: Change): Promise<(caller: Caller) => boolean> {
  const { access } = moment.current;
  const objects = await touchedObjects(moment, change);
  const required = await requirementsOf(moment, change, objects);
  const asked = [...required, ...approvalsIn(change.condition)].map(({ role }) => role);
  return (caller) => {
    const { principal, scopes } = caller;
    if (scopes?.includes('sign') === false) return false;
    if (isProposer({ caller }, change)) return true;
    if (asked.length === 0) return access.mayEdit(principal, objects).length === 0;
    // A program could not sign, whatever it holds.
    return principal.kind === 'user' && access.rolesOf(principal).some((role) => asked.includes(role));
  };
}
