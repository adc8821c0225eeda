import { durationMs } from '../../kinds/duration.ts';
import type { SendingNotifier } from './notifiers-for.ts';

/** The durations of a notifier in milliseconds. */
export interface LeadTimes {
  /** The longest first. */
  readonly leadsMs: readonly number[];
  readonly vetoWindowMs: number;
  readonly groupWaitMs: number;
  readonly repeatMs: number;
}

/** What is delivered so much earlier is there in time. */
const marginMs = 60_000;

export function leadTimesOf({ body }: SendingNotifier): LeadTimes {
  const { leads, vetoWindow, groupWait, repeat } = body;
  return {
    leadsMs: [...new Set(leads.map(read))].sort((a, b) => b - a),
    vetoWindowMs: read(vetoWindow),
    groupWaitMs: read(groupWait),
    repeatMs: read(repeat),
  };
}

/** How long a change can be stopped between its first notice and its enactment: as long as any of its notifiers wants. */
export function vetoWindowMsOf(notifiers: readonly SendingNotifier[]): number {
  return Math.max(0, ...notifiers.map((one) => leadTimesOf(one).vetoWindowMs));
}

/** The leads with which a change is announced: one at least is long enough for the veto window to be over in time. */
export function leadsFor(notifier: SendingNotifier, vetoWindowMs: number): readonly number[] {
  const { leadsMs } = leadTimesOf(notifier);
  const neededMs = vetoWindowMs + marginMs;
  const [longest = 0] = leadsMs;
  return longest >= neededMs ? leadsMs : [neededMs, ...leadsMs.filter((lead) => lead < vetoWindowMs)];
}

function read(text: string): number {
  return durationMs(text) ?? 0;
}
