import type { Notice } from '../../notice.ts';
import { announcements } from './announcements.ts';
import { isTold } from './is-told.ts';
import { leadTimesOf, vetoWindowMsOf } from './lead-times.ts';
import { newNotice } from './new-notice.ts';
import { noticesOf } from './notices-of.ts';
import type { NoticeDesk } from './plan-notices.ts';
import { dueAtOf } from './scheduled-notices.ts';
import { takersFor } from './takers-for.ts';

/**
 * Says that a change is held, where the time has come at which it could have been enacted had its announcement been delivered:
 * to whoever may be reached sooner, and again from time to time.
 */
export async function tellHeld(desk: NoticeDesk, undelivered: Notice): Promise<void> {
  const { tx, nowMs } = desk;
  if (!announcements.has(undelivered.event) || undelivered.change === undefined) return;
  const change = await tx.change(undelivered.change);
  if (change === undefined || change.state !== 'pending') return;
  const takers = await takersFor(desk, change);
  const dueMs = dueAtOf(undelivered) ?? undelivered.createdAtMs + vetoWindowMsOf(takers);
  if (nowMs < dueMs) return;
  const notices = await noticesOf(tx, change);
  const standing = notices.filter((one) => isTold(one, undelivered.digest ?? '', takers));
  if (standing.some(({ event, deliveredAtMs }) => announcements.has(event) && deliveredAtMs !== undefined)) return;
  for (const notifier of takers) {
    const sinceMs = nowMs - leadTimesOf(notifier).repeatMs;
    const isRecent = (one: Notice): boolean =>
      one.event === 'held' &&
      one.notifier === notifier.name &&
      (one.state !== 'delivered' || one.createdAtMs > sinceMs);
    if (standing.some(isRecent)) continue;
    const detail = { sinceMs: dueMs, notifier: undelivered.notifier, trouble: undelivered.trouble };
    await tx.putNotice(newNotice({ event: 'held', notifier, change, nowMs, detail }));
  }
}
