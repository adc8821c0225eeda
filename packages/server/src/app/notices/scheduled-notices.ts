import { z } from 'zod';
import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import { digestOf } from '../changes/digest-of.ts';
import { isTold } from './is-told.ts';
import { leadsFor, vetoWindowMsOf } from './lead-times.ts';
import { newNotice } from './new-notice.ts';
import type { SendingNotifier } from './notifiers-for.ts';

/** What a notice of the event `scheduled` says in its detail. */
const scheduled = z.looseObject({ dueAtMs: z.number(), leadMs: z.number() });

/** When what a notice announces is due; `undefined` for one of another event. */
export function dueAtOf({ event, detail }: Notice): number | undefined {
  return event === 'scheduled' ? scheduled.safeParse(detail).data?.dueAtMs : undefined;
}

export interface Schedule {
  readonly change: Change;
  readonly dueAtMs: number;
  readonly takers: readonly SendingNotifier[];
  /** Those that there are for the change. */
  readonly notices: readonly Notice[];
  readonly nowMs: number;
}

/**
 * The notices ahead of a time that are still to be written: one for each lead that is yet to come, and one at once for all
 * that have passed. None twice.
 */
export function scheduledNotices({ change, dueAtMs, takers, notices, nowMs }: Schedule): readonly Notice[] {
  const vetoWindowMs = vetoWindowMsOf(takers);
  const digest = digestOf(change);
  const standing = new Set(
    notices
      .filter((one) => isTold(one, digest, takers))
      .map((one) => keyOf(one.notifier, scheduled.safeParse(one.detail).data)),
  );
  return takers.flatMap((notifier) => {
    const leads = leadsFor(notifier, vetoWindowMs);
    const late = leads.filter((lead) => dueAtMs - lead <= nowMs).at(-1);
    return leads
      .filter((lead) => lead === late || dueAtMs - lead > nowMs)
      .filter((leadMs) => !standing.has(keyOf(notifier.name, { dueAtMs, leadMs })))
      .map((leadMs) => {
        const sendAtMs = Math.max(nowMs, dueAtMs - leadMs);
        return newNotice({ event: 'scheduled', notifier, change, nowMs, sendAtMs, detail: { dueAtMs, leadMs } });
      });
  });
}

function keyOf(notifier: string, said: z.output<typeof scheduled> | undefined): string {
  return `${said?.dueAtMs} ${said?.leadMs} ${notifier}`;
}
