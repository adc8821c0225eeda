import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';
import { type Chain, findChain } from './find-chain.ts';
import type { ActedChain } from './propose-chain.ts';
import { withdrawSignOff } from './withdraw-sign-off.ts';

/** Takes a person's own sign-offs back from all steps that are still to come. @throws Problem `sign-off-refused` when there is none. */
export async function withdrawChainSignOff(desk: Desk, { id, steps }: Chain): Promise<ActedChain> {
  const { kind, name } = desk.caller.principal;
  const signed = steps.filter(
    ({ state, signOffs }) => state === 'pending' && kind === 'user' && signOffs.some(({ user }) => user === name),
  );
  if (signed.length === 0) {
    throw new Problem('sign-off-refused', `${name} has signed no step of chain ${id} that is still to come`);
  }
  for (const step of signed) await withdrawSignOff(desk, step);
  return { chain: await findChain(desk.tx, id), warnings: [] };
}
