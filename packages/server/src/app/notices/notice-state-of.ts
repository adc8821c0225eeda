import type { Change } from '../../change.ts';
import type { Moment } from '../changes/desk.ts';
import { judge } from '../changes/judge.ts';
import { requirementsOf } from '../changes/requirements.ts';
import { touchedObjects } from '../changes/touched-objects.ts';
import { type NoticeStanding, noticeStanding } from './notice-standing.ts';
import { toldSinceMs } from './told-since-ms.ts';

/** How a pending change stands with its notices now, for people to see; `undefined` for one that is not pending. */
export async function noticeStateOf(moment: Moment, change: Change): Promise<NoticeStanding | undefined> {
  if (change.state !== 'pending') return undefined;
  const objects = await touchedObjects(moment, change);
  const roles = await requirementsOf(moment, change, objects);
  const judgement = await judge(moment, change, roles, await toldSinceMs(moment.tx, change));
  return noticeStanding(moment, change, objects, judgement);
}
