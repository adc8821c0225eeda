import { evaluate } from 'sluice';
import { z } from 'zod';
import type { Change } from '../../change.ts';
import type { Judgement } from '../../judgement.ts';
import type { Notice } from '../../notice.ts';
import type { Reach } from '../../reach.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Moment } from '../changes/desk.ts';
import { announcedBy, hasSignals } from './announced-by.ts';
import { fitsStill } from './fits-still.ts';
import { vetoWindowMsOf } from './lead-times.ts';
import { noticesOf } from './notices-of.ts';
import { notifiersFor, sendingAmong, uncoveredBy } from './notifiers-for.ts';
import { riskOf } from './risk-of.ts';
import { takersFor } from './takers-for.ts';

/** Whether a change has been announced for long enough to be enacted by an agent. */
export interface NoticeStanding {
  /**
   * `not-needed`: it may be enacted without. `unannounced`: nothing was written yet. `waiting`: it was, and is still to be
   * delivered. `held`: it could not be delivered so far, or there is nobody to tell. `announced`: it may be enacted from
   * `enactableAtMs` on.
   */
  readonly state: 'not-needed' | 'unannounced' | 'waiting' | 'held' | 'announced';
  readonly enactableAtMs?: number;
  /** When it is worth asking again, where something is on its way. */
  readonly retryAtMs?: number;
  /** A sentence for people. */
  readonly says: string;
  /** The ids of the notices that announced it. */
  readonly notices?: readonly string[];
}

/** How long what was just written takes until it can have been sent. */
const soonMs = 5000;

/**
 * How a pending change stands with its notices.
 * @param objects what it touches, before and after
 * @param judgement what its condition comes to now, where that is known: what announced an earlier crossing does not count
 */
export async function noticeStanding(
  moment: Pick<Moment, 'tx' | 'current' | 'nowMs'>,
  change: Change,
  objects: readonly ObjectEdit[],
  judgement?: Judgement,
): Promise<NoticeStanding> {
  if (announcedBy(change.condition) === 'nothing') return notNeeded('it waits for people only');
  if (riskOf(objects) === 'lowers') return notNeeded('it only lowers a risk');
  const [bare] = uncoveredBy(moment.current, change);
  if (bare !== undefined) {
    const says = `no notifier covers ${placeText(bare)}: make one, or one whose transport is none`;
    return { state: 'held', says };
  }
  const covering = sendingAmong(notifiersFor(moment.current, change));
  if (covering.length === 0) return notNeeded('its notifiers say that nobody is to be told');
  const names = new Set(covering.map(({ name }) => name));
  const notices = (await noticesOf(moment.tx, change)).filter(
    (notice) => names.has(notice.notifier) && announces(notice, change) && isOfNow(notice, change, judgement),
  );
  const standing = standingOf(notices, vetoWindowMsOf(covering), moment.nowMs);
  if (standing.state === 'announced' || (await takersFor(moment, change)).length > 0) return standing;
  const says = `the other side of ${[...names].join(', ')} wants no more: give that notifier a new version`;
  return { state: 'held', says };
}

function standingOf(notices: readonly Notice[], vetoWindowMs: number, nowMs: number): NoticeStanding {
  const delivered = notices.flatMap(({ id, deliveredAtMs }) =>
    deliveredAtMs === undefined ? [] : [{ id, deliveredAtMs }],
  );
  if (delivered.length > 0) {
    const enactableAtMs = Math.min(...delivered.map(({ deliveredAtMs }) => deliveredAtMs)) + vetoWindowMs;
    const until = new Date(enactableAtMs).toISOString();
    const says = enactableAtMs > nowMs ? `it was announced and can be stopped until ${until}` : 'it was announced';
    const ids = delivered.map(({ id }) => id);
    return { state: 'announced', enactableAtMs, retryAtMs: enactableAtMs, says, notices: ids };
  }
  const open = notices.filter(({ state }) => state === 'waiting' || state === 'sending');
  const failed = notices.filter(({ trouble }) => trouble !== undefined).at(0);
  const nextAtMs = Math.min(...open.map(({ nextAtMs: at }) => Math.max(at, nowMs + soonMs)));
  const retry = open.length === 0 ? {} : { retryAtMs: nextAtMs + vetoWindowMs };
  if (failed !== undefined) {
    const says = `it could not be announced by ${failed.notifier}: ${failed.trouble}`;
    return { state: 'held', ...retry, says };
  }
  if (open.length > 0) return { state: 'waiting', ...retry, says: 'its notice is still to be delivered' };
  return { state: 'unannounced', says: 'it has not been announced' };
}

/** Whether it is the delivery of such a notice from which the veto window runs. */
function announces(notice: Notice, change: Change): boolean {
  const isOfKind = notice.event === 'crossed' || (notice.event === 'scheduled' && !hasSignals(change.condition));
  return isOfKind && notice.state !== 'void' && fitsStill(notice, change);
}

/**
 * Whether the condition has been true since a notice said so: it still comes to true when each comparison counts only if
 * it has held, or failed where that is what is waited for, since then without a break.
 */
export function isOfNow(notice: Notice, change: Change, judgement: Judgement | undefined): boolean {
  if (notice.event !== 'crossed' || judgement === undefined) return true;
  const toldMs = toldAsOfMs(notice);
  const judged = new Map(judgement.leaves.map((one) => [one.leaf, one]));
  const since = evaluate(change.condition, (leaf) => {
    const { truth = 'unknown', holdsSinceMs, failsSinceMs } = judged.get(leaf) ?? {};
    const sinceMs = truth === 'true' ? holdsSinceMs : failsSinceMs;
    return sinceMs === undefined || sinceMs <= toldMs ? truth : 'unknown';
  });
  return since === 'true';
}

const detail = z.object({ leaves: z.array(z.object({ reading: z.object({ asOfMs: z.number() }).optional() })) });

/** When it was written, or the newest reading that it rests on if the clock of that one's source is ahead. */
function toldAsOfMs(notice: Notice): number {
  const { leaves = [] } = detail.safeParse(notice.detail).data ?? {};
  return Math.max(notice.createdAtMs, ...leaves.map(({ reading }) => reading?.asOfMs ?? 0));
}

function notNeeded(says: string): NoticeStanding {
  return { state: 'not-needed', says };
}

function placeText({ product, channel }: Reach): string {
  if (product === undefined) return channel === undefined ? 'all products' : `channel ${channel} of all products`;
  return channel === undefined ? product : `${product}/${channel}`;
}
