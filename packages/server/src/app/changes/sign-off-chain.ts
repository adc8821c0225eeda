import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';
import { type Chain, findChain } from './find-chain.ts';
import type { ActedChain } from './propose-chain.ts';
import { approvalsIn, requirementsOf } from './requirements.ts';
import { signOffChange } from './sign-off-change.ts';
import { touchedObjects } from './touched-objects.ts';

/**
 * Gives a person's consent to all steps of a chain that are still to come and ask for it, in one role or in the one of those
 * asked for that they hold. The last sign-off that is needed enacts a first step that waits for nothing else.
 *
 * @throws Problem as signing a change does; `sign-off-refused` where no step asks for it
 */
export async function signOffChain(desk: Desk, { id, steps }: Chain, role: string | undefined): Promise<ActedChain> {
  const open = steps.filter(({ state }) => state === 'pending');
  if (open.length === 0) throw new Problem('change-not-open', `chain ${id} is over and takes no sign-off`);
  const held = desk.current.access.rolesOf(desk.caller.principal);
  let signed = 0;
  let problem: Problem | undefined;
  // The last first: what is enacted is the first, and it alters what the others are against.
  for (const step of [...open].reverse()) {
    const required = await requirementsOf(desk, step, await touchedObjects(desk, step));
    const asked = [...required, ...approvalsIn(step.condition)].map((one) => one.role);
    const isLast = step === open[0] && signed === 0;
    // Who can sign none of them is told so of the first.
    if (!isLast && !asked.some((one) => (role === undefined ? held.includes(one) : one === role))) continue;
    const acted = await signOffChange(desk, step, role);
    problem = acted.problem ?? problem;
    signed += 1;
  }
  return { chain: await findChain(desk.tx, id), warnings: [], ...(problem !== undefined && { problem }) };
}
