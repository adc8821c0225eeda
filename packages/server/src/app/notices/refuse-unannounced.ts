import type { Change } from '../../change.ts';
import type { Judgement } from '../../judgement.ts';
import { Problem } from '../../problem.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Desk } from '../changes/desk.ts';
import { noticeStanding } from './notice-standing.ts';

/** How a change was announced that a program has enacted, for the audit log. */
export interface Announcement {
  readonly says: string;
  /** The ids of the notices. */
  readonly notices: readonly string[];
}

/**
 * Holds what a program would have enacted before people could stop it. What a person has enacted is announced and not held.
 * Answers how it was announced; `undefined` for a person.
 * @param judgement what the condition came to just now
 * @throws Problem `notice-missing`, with the time from which on it is let through where that is known
 */
export async function refuseUnannounced(
  desk: Pick<Desk, 'tx' | 'current' | 'nowMs' | 'caller'>,
  change: Change,
  objects: readonly ObjectEdit[],
  judgement: Judgement,
): Promise<Announcement | undefined> {
  if (desk.caller.principal.kind !== 'service-account') return undefined;
  const {
    state,
    enactableAtMs,
    retryAtMs,
    says,
    notices = [],
  } = await noticeStanding(desk, change, objects, judgement);
  if (state === 'not-needed') return { says, notices };
  if (state === 'announced' && enactableAtMs !== undefined && enactableAtMs <= desk.nowMs) return { says, notices };
  throw new Problem('notice-missing', `change ${change.id} raises a risk, and ${says}`, [], { retryAtMs });
}
