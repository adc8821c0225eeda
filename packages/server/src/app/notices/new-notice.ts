import { randomUUID } from 'node:crypto';
import type { Change } from '../../change.ts';
import type { Notice, NoticeEvent } from '../../notice.ts';
import { digestOf } from '../changes/digest-of.ts';
import { leadTimesOf } from './lead-times.ts';
import type { SendingNotifier } from './notifiers-for.ts';

/** What does not wait for more of its thread. */
const urgent: ReadonlySet<NoticeEvent> = new Set(['crossed', 'held', 'failed', 'vetoed', 'self-test']);

export interface NewNotice {
  readonly event: NoticeEvent;
  readonly notifier: SendingNotifier;
  readonly change?: Change;
  readonly nowMs: number;
  /** Now, unless said otherwise. */
  readonly sendAtMs?: number;
  readonly detail?: unknown;
}

/** A notice that is still to be sent. */
export function newNotice({ event, notifier, change, nowMs, sendAtMs = nowMs, detail }: NewNotice): Notice {
  const waitMs = urgent.has(event) ? 0 : leadTimesOf(notifier).groupWaitMs;
  return {
    id: randomUUID(),
    event,
    notifier: notifier.name,
    ...(change !== undefined && { change: change.id, digest: digestOf(change) }),
    createdAtMs: nowMs,
    sendAtMs,
    state: 'waiting',
    attempts: 0,
    nextAtMs: Math.max(sendAtMs, nowMs + waitMs),
    ...(detail !== undefined && { detail }),
  };
}
