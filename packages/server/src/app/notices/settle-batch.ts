import type { Notice } from '../../notice.ts';
import type { Delivery } from '../../notifier.ts';
import { announcements } from './announcements.ts';
import { fitsStill } from './fits-still.ts';
import { leadTimesOf } from './lead-times.ts';
import { nextAttemptMs } from './next-attempt.ts';
import { noticesOf } from './notices-of.ts';
import type { SendingNotifier } from './notifiers-for.ts';
import type { NoticeDesk } from './plan-notices.ts';
import { tellHeld } from './tell-held.ts';

/** What an attempt came to. */
export interface Attempted {
  readonly notifier: SendingNotifier;
  /** As they were sent. */
  readonly notices: readonly Notice[];
  readonly delivery: Delivery;
  /** Whether it was broken off because the server stops. */
  readonly isBrokenOff?: boolean;
}

/** Writes down what an attempt came to. What was delivered is never sent again. */
export async function settleBatch(desk: NoticeDesk, { notifier, notices, ...rest }: Attempted): Promise<void> {
  for (const sent of notices) {
    const notice = await desk.tx.notice(sent.id);
    if (notice === undefined || notice.state === 'delivered') continue;
    // Somebody else has taken it since, as this attempt took too long; what that one comes to counts.
    const isOvertaken = notice.state !== 'sending' || notice.attempts !== sent.attempts;
    if (isOvertaken && rest.delivery.kind !== 'delivered') continue;
    const after = await settled(desk, withReached(notice, rest.delivery, desk.nowMs), notifier, rest);
    await desk.tx.putNotice(after);
    if (after.state === 'delivered') await voidHeld(desk, after);
    else await tellHeld(desk, after);
  }
}

/** Whom it has come to, while others still wait for it. */
function withReached(notice: Notice, delivery: Delivery, nowMs: number): Notice {
  if (delivery.kind !== 'later') return notice;
  const more = (delivery.reached ?? []).filter((one) => one.notice === notice.id).map(({ recipient }) => recipient);
  if (more.length === 0) return notice;
  const reached = [...new Set([...(notice.reached ?? []), ...more])];
  return { ...notice, reached, deliveredAtMs: notice.deliveredAtMs ?? nowMs };
}

/** What has been announced now is not held any more. */
async function voidHeld({ tx }: NoticeDesk, { event, change }: Notice): Promise<void> {
  if (!announcements.has(event) || change === undefined) return;
  for (const one of await noticesOf(tx, { id: change }))
    if (one.event === 'held' && one.state === 'waiting') await tx.putNotice({ ...one, state: 'void' });
}

async function settled(
  { tx, nowMs }: NoticeDesk,
  notice: Notice,
  notifier: SendingNotifier,
  { delivery, isBrokenOff }: Pick<Attempted, 'delivery' | 'isBrokenOff'>,
): Promise<Notice> {
  if (delivery.kind === 'delivered') {
    const { trouble: _, ...rest } = notice;
    return { ...rest, state: 'delivered', deliveredAtMs: notice.deliveredAtMs ?? nowMs };
  }
  const { trouble } = delivery;
  const change = notice.change === undefined ? undefined : await tx.change(notice.change);
  if (change !== undefined && !fitsStill(notice, change)) return { ...notice, state: 'void', trouble };
  if (delivery.kind === 'refused') {
    return { ...notice, state: 'failed', trouble, ...(delivery.disable && { disables: true }) };
  }
  if (isBrokenOff === true) return { ...notice, state: 'waiting', nextAtMs: nowMs };
  const { transport } = notifier.body;
  const nextAtMs = nextAttemptMs(transport, notice.attempts, nowMs, delivery.retryAtMs);
  if (nextAtMs !== undefined) return { ...notice, state: 'waiting', nextAtMs, trouble };
  // What a change is held by is not given up while it waits.
  if (!announcements.has(notice.event)) return { ...notice, state: 'failed', trouble };
  return { ...notice, state: 'waiting', nextAtMs: nowMs + leadTimesOf(notifier).repeatMs, trouble };
}
