import type { Change } from '../../change.ts';
import { type NoticeDesk, planNotices } from '../notices/plan-notices.ts';

/** Writes a change as an act has left it, and what people are to be told of that, together. */
export async function keepChange(desk: NoticeDesk, change: Change): Promise<void> {
  await desk.tx.putChange(change);
  await planNotices(desk, change);
}
