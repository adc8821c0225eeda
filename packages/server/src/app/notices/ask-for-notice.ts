import type { Change } from '../../change.ts';
import type { Judgement } from '../../judgement.ts';
import type { Notice } from '../../notice.ts';
import { Problem } from '../../problem.ts';
import type { Desk } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { judge } from '../changes/judge.ts';
import { isSigned, requirementsOf } from '../changes/requirements.ts';
import { touchedObjects } from '../changes/touched-objects.ts';
import { announcedBy, hasSignals } from './announced-by.ts';
import { isTold } from './is-told.ts';
import { leadsFor, leadTimesOf, vetoWindowMsOf } from './lead-times.ts';
import { newNotice } from './new-notice.ts';
import { isOfNow, type NoticeStanding, noticeStanding } from './notice-standing.ts';
import { noticesOf } from './notices-of.ts';
import type { SendingNotifier } from './notifiers-for.ts';
import { planNotices } from './plan-notices.ts';
import { riskOf } from './risk-of.ts';
import { scheduledNotices } from './scheduled-notices.ts';
import { takersFor } from './takers-for.ts';
import { toldSinceMs } from './told-since-ms.ts';
import { overtaken } from './void-overtaken.ts';

/**
 * Has a change announced as far as it is time for that: that its condition has come true, or is expected to. Whether it has is
 * judged here. Asking again writes nothing more.
 * @throws Problem `change-not-open`
 */
export async function askForNotice(desk: Desk, change: Change): Promise<NoticeStanding> {
  if (change.state !== 'pending') {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and waits for nothing`);
  }
  await planNotices(desk, change);
  const objects = await touchedObjects(desk, change);
  const roles = await requirementsOf(desk, change, objects);
  const judgement = await judge(desk, change, roles, await toldSinceMs(desk.tx, change));
  const isWatched = announcedBy(change.condition) === 'watch' && change.conflicts.length === 0;
  if (isWatched && isSigned(roles) && riskOf(objects) === 'raises') {
    const asked = {
      change,
      judgement,
      takers: await takersFor(desk, change),
      notices: await noticesOf(desk.tx, change),
    };
    for (const notice of wanted(asked, desk.nowMs)) await desk.tx.putNotice(notice);
  }
  return noticeStanding(desk, change, objects, judgement);
}

interface Asked {
  readonly change: Change;
  readonly judgement: Judgement;
  readonly takers: readonly SendingNotifier[];
  readonly notices: readonly Notice[];
}

/** What is to be written. */
function wanted(asked: Asked, nowMs: number): readonly Notice[] {
  const { truth, expectedAtMs } = asked.judgement;
  if (truth === 'true') return crossed(asked, nowMs);
  const ended = truth === 'false' ? crossedBefore(asked).map((one) => overtaken(one, asked.change, nowMs)) : [];
  return expectedAtMs === undefined ? ended : [...ended, ...ahead(asked, expectedAtMs, nowMs)];
}

/** It is told once for each time that the condition comes true. */
function crossed(asked: Asked, nowMs: number): readonly Notice[] {
  const { change, judgement, takers, notices } = asked;
  const [past, present] = divided(crossedBefore(asked), (one) => isOfNow(one, change, judgement));
  const ended = past.map((one) => overtaken(one, change, nowMs));
  // What only waited for its time, and was announced for it, needs no more words.
  const isAhead =
    !hasSignals(change.condition) && notices.some((one) => one.event === 'scheduled' && isSaid(asked, one));
  if (isAhead) return ended;
  const told = new Set(present.map(({ notifier }) => notifier));
  const untold = takers.filter(({ name }) => !told.has(name));
  const detail = detailOf(judgement);
  return [...ended, ...untold.map((notifier) => newNotice({ event: 'crossed', notifier, change, nowMs, detail }))];
}

/** What can be known is announced as any other time is; what is estimated is told within the longest lead, and again from time to time. */
function ahead(asked: Asked, expectedAtMs: number, nowMs: number): readonly Notice[] {
  const { change, judgement, takers, notices } = asked;
  const isWithin = (leadsMs: readonly number[]) => expectedAtMs - nowMs <= Math.max(0, ...leadsMs);
  if (!hasSignals(change.condition)) {
    const vetoWindowMs = vetoWindowMsOf(takers);
    const near = takers.filter((one) => isWithin(leadsFor(one, vetoWindowMs)));
    return scheduledNotices({ change, dueAtMs: expectedAtMs, takers: near, notices, nowMs });
  }
  const near = takers.filter((one) => isWithin(leadTimesOf(one).leadsMs));
  const isRecent = (notifier: SendingNotifier) => (one: Notice) =>
    one.event === 'forecast' &&
    one.notifier === notifier.name &&
    isSaid(asked, one) &&
    one.createdAtMs > nowMs - leadTimesOf(notifier).repeatMs;
  const detail = detailOf(judgement);
  return near
    .filter((notifier) => !notices.some(isRecent(notifier)))
    .map((notifier) => newNotice({ event: 'forecast', notifier, change, nowMs, detail }));
}

function crossedBefore(asked: Asked): readonly Notice[] {
  return asked.notices.filter((one) => one.event === 'crossed' && isSaid(asked, one));
}

function isSaid({ change, takers }: Asked, notice: Notice): boolean {
  return isTold(notice, digestOf(change), takers);
}

function divided<T>(all: readonly T[], isSecond: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter((one) => !isSecond(one)), all.filter(isSecond)];
}

/** What a notice rests on, as JSON. */
function detailOf({ truth, leaves, expectedAtMs }: Judgement): object {
  return { truth, leaves, ...(expectedAtMs !== undefined && { expectedAtMs }) };
}
