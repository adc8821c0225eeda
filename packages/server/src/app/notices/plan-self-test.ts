import type { Moment } from '../changes/desk.ts';
import { isDisabled } from './is-disabled.ts';
import { newNotice } from './new-notice.ts';
import type { SendingNotifier } from './notifiers-for.ts';
import type { NoticeDesk } from './plan-notices.ts';

/** How long a notifier may be silent before it is tried out, in milliseconds. */
export const silenceMs = 7 * 24 * 3_600_000;

/** Whether a notifier was not heard of for so long that nobody knows whether it still works. */
export async function needsSelfTest({ tx, nowMs }: Moment, notifier: SendingNotifier): Promise<boolean> {
  const { name } = notifier;
  const [delivered] = await tx.notices({ notifier: name, states: ['delivered'], limit: 1 });
  const [newest] = await tx.versions({ kind: 'notifier', name, limit: 1 });
  const heardMs = Math.max(delivered?.deliveredAtMs ?? 0, newest?.atMs ?? 0);
  if (nowMs - heardMs < silenceMs) return false;
  // One that failed is not followed by another at once.
  const tried = await tx.notices({ notifier: name, limit: 100 });
  if (tried.some(({ event, createdAtMs }) => event === 'self-test' && nowMs - createdAtMs < silenceMs)) return false;
  return !(await isDisabled(tx, notifier));
}

/** Writes a notice that says nothing but that the notifier works. */
export async function planSelfTest({ tx, nowMs }: NoticeDesk, notifier: SendingNotifier): Promise<string> {
  const notice = newNotice({ event: 'self-test', notifier, nowMs });
  await tx.putNotice(notice);
  return notice.id;
}
