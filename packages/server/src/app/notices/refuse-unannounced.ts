import type { Change } from '../../change.ts';
import type { Judgement } from '../../judgement.ts';
import { Problem } from '../../problem.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Desk } from '../changes/desk.ts';
import { noticeStanding } from './notice-standing.ts';

/**
 * Holds what a program would have enacted before people could stop it. What a person has enacted is announced and not held.
 * @param judgement what the condition came to just now
 * @throws Problem `notice-missing`, with the time from which on it is let through where that is known
 */
export async function refuseUnannounced(
  desk: Pick<Desk, 'tx' | 'current' | 'nowMs' | 'caller'>,
  change: Change,
  objects: readonly ObjectEdit[],
  judgement: Judgement,
): Promise<void> {
  if (desk.caller.principal.kind !== 'service-account') return;
  const { state, enactableAtMs, retryAtMs, says } = await noticeStanding(desk, change, objects, judgement);
  if (state === 'not-needed') return;
  if (state === 'announced' && enactableAtMs !== undefined && enactableAtMs <= desk.nowMs) return;
  throw new Problem('notice-missing', `change ${change.id} raises a risk, and ${says}`, [], { retryAtMs });
}
