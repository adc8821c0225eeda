import { mostPerPage } from '../../store.ts';
import type { Moment } from '../changes/desk.ts';
import { isDisabled } from './is-disabled.ts';
import { notifiersOf, sendingAmong } from './notifiers-for.ts';

/** How notices stand, for whoever watches over it. */
export interface NoticeSurvey {
  /** What should have been sent by now and is not, by notifier and event. */
  readonly waiting: readonly { readonly notifier: string; readonly event: string; readonly count: number }[];
  /** Since when the oldest of these should have been sent, in milliseconds since 1970. */
  readonly waitingSinceMs?: number;
  /** How many changes are held because nobody could be told of them. */
  readonly held: number;
  readonly notifiers: readonly {
    readonly name: string;
    readonly isDisabled: boolean;
    readonly deliveredAtMs?: number;
  }[];
}

/** Looks how notices stand. Of what waits the thousand longest due are looked at. */
export async function surveyNotices({ tx, current, nowMs }: Moment): Promise<NoticeSurvey> {
  const open = await tx.notices({
    states: ['waiting', 'sending'],
    dueByMs: Number.MAX_SAFE_INTEGER,
    limit: mostPerPage,
  });
  const late = open.filter(({ sendAtMs }) => sendAtMs <= nowMs);
  const counts = new Map<string, { notifier: string; event: string; count: number }>();
  for (const { notifier, event } of late) {
    const key = `${event} ${notifier}`;
    counts.set(key, { notifier, event, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const notifiers: NoticeSurvey['notifiers'][number][] = [];
  for (const notifier of sendingAmong(notifiersOf(current))) {
    const { name } = notifier;
    const [delivered] = await tx.notices({ notifier: name, states: ['delivered'], limit: 1 });
    const deliveredAtMs = delivered?.deliveredAtMs;
    const isOff = await isDisabled(tx, notifier);
    notifiers.push({ name, isDisabled: isOff, ...(deliveredAtMs !== undefined && { deliveredAtMs }) });
  }
  return {
    waiting: [...counts.values()],
    ...(late.length > 0 && { waitingSinceMs: Math.min(...late.map(({ sendAtMs }) => sendAtMs)) }),
    held: new Set(open.filter(({ event }) => event === 'held').map(({ change }) => change)).size,
    notifiers,
  };
}
