import type { Change } from '../../change.ts';
import { kindNamed } from '../../kinds/index.ts';
import type { Notice, NoticeEvent } from '../../notice.ts';
import type { StoreTransaction } from '../../store.ts';
import type { Moment } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { isSigned, requirementsOf } from '../changes/requirements.ts';
import { touchedObjects } from '../changes/touched-objects.ts';
import { announcedBy } from './announced-by.ts';
import { isTold } from './is-told.ts';
import { newNotice } from './new-notice.ts';
import { noticesOf } from './notices-of.ts';
import { notifiersOf, type SendingNotifier } from './notifiers-for.ts';
import { scheduledNotices } from './scheduled-notices.ts';
import { takersFor } from './takers-for.ts';
import { voidOvertaken } from './void-overtaken.ts';

/** Where notices are written: in the transaction of what they tell of. */
export interface NoticeDesk extends Pick<Moment, 'current' | 'nowMs'> {
  readonly tx: StoreTransaction;
}

/**
 * Writes the notices that follow from a change as it is now, and voids those that do not fit it any more. Of one that is
 * pending it writes none twice; of one that has ended it is to be told once.
 */
export async function planNotices(desk: NoticeDesk, change: Change): Promise<void> {
  if (notifiersOf(desk.current).length === 0) return;
  const { tx, nowMs } = desk;
  const notices = await voidOvertaken(tx, change, await noticesOf(tx, change), nowMs);
  const event = eventOf(change);
  if (event === undefined) return;
  const takers = await takersFor(desk, change);
  for (const notice of await wanted(desk, { change, event, takers, notices })) await tx.putNotice(notice);
}

interface Plan {
  readonly change: Change;
  readonly event: NoticeEvent;
  readonly takers: readonly SendingNotifier[];
  readonly notices: readonly Notice[];
}

async function wanted(desk: NoticeDesk, plan: Plan): Promise<readonly Notice[]> {
  const { change, event, takers, notices } = plan;
  const { nowMs } = desk;
  const make = (notifier: SendingNotifier): Notice => newNotice({ event, notifier, change, nowMs });
  const has = (notifier: SendingNotifier, is: (notice: Notice) => boolean): boolean =>
    notices.some((one) => one.notifier === notifier.name && is(one));
  switch (event) {
    case 'scheduled': {
      const { dueAtMs } = change;
      return dueAtMs === undefined ? [] : scheduledNotices({ change, dueAtMs, takers, notices, nowMs });
    }
    case 'armed': {
      // Of a chain people are told of the step that comes next, and with it what the others are.
      const before = await stepBefore(desk, change);
      if (before !== undefined && before.state !== 'enacted') return [];
      const digest = digestOf(change);
      const isArmed = (one: Notice) => one.event === 'armed' && isTold(one, digest, takers);
      const untold = takers.filter((notifier) => !has(notifier, isArmed));
      return untold.length > 0 && (await isSignedOff(desk, change)) ? untold.map(make) : [];
    }
    case 'failed':
      // It failed with the step before, of which people are told.
      return (await stepBefore(desk, change))?.state === 'failed' ? [] : takers.map(make);
    case 'vetoed':
      // Who was told nothing need not be told that it is off.
      return takers
        .filter((notifier) => has(notifier, ({ state }) => state === 'delivered' || state === 'sending'))
        .map(make);
    default:
      return takers.map(make);
  }
}

/** The step of its chain that a change waits for. */
async function stepBefore({ tx }: NoticeDesk, { id, chain }: Change): Promise<Change | undefined> {
  return chain === undefined || chain.step === 1 ? undefined : tx.change(id - 1);
}

/** What there is to be told of a change as it is. */
function eventOf({ state, conflicts, condition, edits }: Change): NoticeEvent | undefined {
  const by = announcedBy(condition);
  switch (state) {
    case 'draft':
      return undefined;
    case 'pending':
      if (conflicts.length > 0 || by === 'nothing') return undefined;
      return by === 'clock' ? 'scheduled' : 'armed';
    case 'enacted':
      // What a person does at once to accounts and policies stands in the audit log.
      return by !== 'nothing' || edits.some(({ kind }) => kindNamed(kind)?.served === true) ? state : undefined;
    default:
      return state;
  }
}

async function isSignedOff(desk: NoticeDesk, change: Change): Promise<boolean> {
  return isSigned(await requirementsOf(desk, change, await touchedObjects(desk, change)));
}
