import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import type { Message } from '../../notifier.ts';
import type { Moment } from '../changes/desk.ts';
import { fitsStill } from './fits-still.ts';
import { isDisabled } from './is-disabled.ts';
import { leadTimesOf } from './lead-times.ts';
import { nextAttemptMs } from './next-attempt.ts';
import { notifiersOf, type SendingNotifier, sendingAmong } from './notifiers-for.ts';
import type { NoticeDesk } from './plan-notices.ts';

/** What notices are sent from: a write transaction and its moment. */
export type SendingDesk = NoticeDesk & Moment;

/** What goes to one notifier together. */
export interface Batch {
  readonly notifier: SendingNotifier;
  readonly messages: readonly Message[];
}

export interface Taking {
  /** Makes a message of a notice, in the transaction in which it is taken. */
  readonly render: (desk: SendingDesk, notice: Notice) => Promise<Message>;
  /** For so long nobody else attempts the same, unless whoever does so says that it still lasts. */
  readonly leaseMs: number;
  /** Whether this process is sending it: a clock that jumps, or a machine that slept, has its lease end early. */
  readonly isUnderWay?: (id: string) => boolean;
}

/** What a look at what is due came to. */
export interface Taken {
  /** Absent where nothing is due. */
  readonly batch?: Batch;
  /** Why no message could be made of some. */
  readonly bugs: readonly unknown[];
}

const open = ['waiting', 'sending'] as const;
/** How many are looked at in one transaction, and how many go together at most. */
const mostLooked = 100;
const mostTogether = 25;

/**
 * Takes the longest due notice of a notifier, with the others of its thread that can go with it, and writes that they are being
 * sent. One whose attempt has not come back in time is taken again, with those with which it was first sent. What is not so any
 * more is voided, and what the other side does not want fails.
 */
export async function takeBatch(desk: SendingDesk, name: string, taking: Taking): Promise<Taken> {
  const { tx, nowMs } = desk;
  const bugs: unknown[] = [];
  const looked = new Set<string>();
  const notifier = sendingAmong(notifiersOf(desk.current)).find((one) => one.name === name);
  for (const first of await tx.notices({ notifier: name, states: open, dueByMs: nowMs, limit: mostLooked })) {
    if (looked.has(first.id) || taking.isUnderWay?.(first.id) === true) continue;
    if (notifier === undefined || !(await isSo(desk, first))) {
      await tx.putNotice({ ...first, state: 'void' });
    } else if (await isDisabled(tx, notifier)) {
      await tx.putNotice({
        ...first,
        state: 'failed',
        notifierVersion: notifier.version,
        // However many there are, the newest say so too.
        disables: true,
        trouble: 'no more is wanted',
      });
    } else {
      const messages: Message[] = [];
      for (const one of await together(desk, first, notifier)) {
        if (taking.isUnderWay?.(one.id) === true) continue;
        looked.add(one.id);
        const message = await begin(desk, { ...one, group: first.group ?? first.id }, notifier, taking);
        if ('bug' in message) bugs.push(message.bug);
        else messages.push(message);
      }
      if (messages.length > 0) return { batch: { notifier, messages }, bugs };
    }
  }
  return { bugs };
}

/** Writes that an attempt begins, and makes the message. What cannot be made one holds nothing else up. */
async function begin(
  desk: SendingDesk,
  notice: Notice,
  { version: notifierVersion, body }: SendingNotifier,
  { render, leaseMs }: Taking,
): Promise<Message | { readonly bug: unknown }> {
  const { tx, nowMs } = desk;
  const attempts = notice.attempts + 1;
  const taken = { ...notice, notifierVersion, attempts };
  try {
    const sending: Notice = { ...taken, state: 'sending', nextAtMs: nowMs + leaseMs };
    const message = await render(desk, sending);
    await tx.putNotice(sending);
    return message;
  } catch (bug) {
    const nextAtMs = nextAttemptMs(body.transport, attempts, nowMs, undefined);
    const after = nextAtMs === undefined ? ({ state: 'failed' } as const) : ({ state: 'waiting', nextAtMs } as const);
    await tx.putNotice({ ...taken, ...after, trouble: 'no message could be made of it' });
    return { bug };
  }
}

/** What goes with a notice: those with which it went before, or all that wait for their first attempt in its thread. */
async function together(desk: SendingDesk, first: Notice, notifier: SendingNotifier): Promise<readonly Notice[]> {
  const { tx, nowMs } = desk;
  const dueByMs = nowMs + leadTimesOf(notifier).groupWaitMs;
  const found = await tx.notices({
    notifier: notifier.name,
    states: open,
    dueByMs,
    limit: mostLooked,
  });
  const thread = await threadOf(desk, first);
  const mates: Notice[] = [first];
  for (const one of found) {
    if (one.id === first.id || mates.length === mostTogether) continue;
    const isMate =
      first.group === undefined
        ? one.group === undefined && one.sendAtMs <= nowMs && (await threadOf(desk, one)) === thread
        : one.group === first.group && one.nextAtMs <= nowMs;
    if (isMate && (await isSo(desk, one))) mates.push(one);
  }
  return mates.sort((a, b) => a.createdAtMs - b.createdAtMs);
}

/** What belongs together: the changes of a chain, or a change by itself. */
async function threadOf(desk: SendingDesk, notice: Notice): Promise<string> {
  const change = await changeOf(desk, notice);
  return change === undefined ? notice.id : String(change.chain?.id ?? change.id);
}

async function isSo(desk: SendingDesk, notice: Notice): Promise<boolean> {
  if (notice.change === undefined) return true;
  const change = await changeOf(desk, notice);
  return change !== undefined && fitsStill(notice, change);
}

async function changeOf({ tx }: SendingDesk, { change }: Notice): Promise<Change | undefined> {
  return change === undefined ? undefined : tx.change(change);
}
