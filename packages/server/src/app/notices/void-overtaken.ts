import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import type { StoreTransaction } from '../../store.ts';
import { announcements } from './announcements.ts';
import { fitsStill } from './fits-still.ts';

/** Voids what was not sent yet and is not so any more, and has what was delivered announce nothing any more. Answers what there is then. */
export async function voidOvertaken(
  tx: StoreTransaction,
  change: Change,
  notices: readonly Notice[],
  nowMs: number,
): Promise<readonly Notice[]> {
  const after: Notice[] = [];
  for (const notice of notices) {
    const next = fitsStill(notice, change) ? notice : overtaken(notice, change, nowMs);
    if (next !== notice) await tx.putNotice(next);
    after.push(next);
  }
  return after;
}

/** A notice that is not so any more. One that is being sent is voided when its attempt has failed. */
export function overtaken(notice: Notice, { state }: Pick<Change, 'state'>, nowMs: number): Notice {
  if (notice.state === 'waiting') return { ...notice, state: 'void' };
  const isOver = notice.overtakenAtMs !== undefined || !announcements.has(notice.event);
  // Of what has ended nobody asks any more how it was announced.
  if (isOver || state === 'enacted' || state === 'vetoed') return notice;
  return { ...notice, overtakenAtMs: nowMs };
}
