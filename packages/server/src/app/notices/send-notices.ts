import { setTimeout as pause } from 'node:timers/promises';
import { longestAttemptMs, type Notifier, type Sending } from '../../notifier.ts';
import { atDesk, atMoment, type Changing, type Moment } from '../changes/desk.ts';
import { attemptBatch, isOfStore, leaseMs, system } from './attempt-batch.ts';
import { notifiersOf, sendingAmong } from './notifiers-for.ts';
import { planAnew } from './plan-anew.ts';
import { needsSelfTest, planSelfTest } from './plan-self-test.ts';
import { type NoticeSurvey, surveyNotices } from './survey-notices.ts';
import { type Batch, type Taking, takeBatch } from './take-batch.ts';

export interface SendOptions {
  readonly changing: Changing;
  readonly notifiers: readonly Notifier[];
  readonly render: Taking['render'];
  readonly sending: Omit<Sending, 'signal' | 'nowMs'>;
  readonly onTrouble: (error: unknown, sentence: string) => void;
  /** How often it is looked for what is due. */
  readonly everyMs?: number;
  /** How long an attempt may take. */
  readonly attemptMs?: number;
}

/** Sending, until it is stopped. */
export interface SendingNotices {
  reading(): NoticeReading;
  /** Breaks off what is being sent; it is sent again under the same ids at the next start, or by another node. */
  stop(): Promise<void>;
}

/** How notices stand, and what this process did. */
export interface NoticeReading {
  /** Absent until the store was first looked at. */
  readonly survey?: NoticeSurvey | undefined;
  readonly attempts: readonly {
    readonly notifier: string;
    readonly event: string;
    readonly outcome: 'delivered' | 'later' | 'refused';
    readonly count: number;
  }[];
}

/** How many messages are on their way to one notifier at once. */
const mostAtOnce = 2;
const surveyEveryMs = 15_000;
const selfTestsEveryMs = 3_600_000;

/** Sends what is due, tries out notifiers that were long silent, and writes what is missing when a notifier is new. */
export function sendNotices(options: SendOptions): SendingNotices {
  const { changing, notifiers, render, onTrouble, everyMs = 1000, attemptMs = longestAttemptMs } = options;
  const { nowMs } = changing;
  const stopping = new AbortController();
  const { signal } = stopping;
  const sending: Sending = { ...options.sending, nowMs, signal };
  /** By the name of the notifier. */
  const running = new Map<string, Set<Promise<void>>>();
  const attempts = new Map<string, NoticeReading['attempts'][number]>();
  const onBug = (error: unknown) => onTrouble(error, 'a notice could not be sent');
  const underWay = new Set<string>();
  const taking = { render, leaseMs, isUnderWay: (id: string) => underWay.has(id) };
  let survey: NoticeSurvey | undefined;
  let planned = '';
  let surveyedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  async function send(batch: Batch): Promise<void> {
    const ids = batch.messages.map(({ notice }) => notice.id);
    for (const id of ids) underWay.add(id);
    try {
      await attempt(batch);
    } finally {
      for (const id of ids) underWay.delete(id);
    }
  }

  async function attempt(batch: Batch): Promise<void> {
    const outcome = await attemptBatch(changing, batch, { notifiers, sending, longestMs: attemptMs, onBug });
    const notifier = batch.notifier.name;
    for (const { notice } of batch.messages) {
      const key = `${outcome} ${notice.event} ${notifier}`;
      const count = (attempts.get(key)?.count ?? 0) + 1;
      attempts.set(key, { notifier, event: notice.event, outcome, count });
    }
  }

  /** One that stalls has the others go on. */
  async function sendDue(due: readonly string[]): Promise<void> {
    for (const name of due) {
      const own = running.get(name) ?? new Set();
      running.set(name, own);
      while (own.size < mostAtOnce && !signal.aborted) {
        const { batch, bugs } = await atDesk(changing, system, (desk) => takeBatch(desk, name, taking));
        for (const bug of bugs) onTrouble(bug, 'no message could be made of a notice');
        if (batch === undefined) break;
        const sent: Promise<void> = send(batch)
          .catch(report)
          .finally(() => own.delete(sent));
        own.add(sent);
      }
    }
  }

  async function look(): Promise<void> {
    const now = nowMs();
    const { due, names, silent } = await atMoment(changing, async (moment) => {
      const all = notifiersOf(moment.current);
      const due = await dueNotifiers(moment, (name) => (running.get(name)?.size ?? 0) < mostAtOnce);
      const isTime = now - triedAtMs >= selfTestsEveryMs;
      const silent: string[] = [];
      if (isTime) for (const one of sendingAmong(all)) if (await needsSelfTest(moment, one)) silent.push(one.name);
      if (isTime) triedAtMs = now;
      return { due, names: all.map(({ name, version }) => `${version} ${name}`).join('\n'), silent };
    });
    if (names !== planned) await planAnew(changing, signal);
    planned = names;
    if (silent.length > 0) await tryOut(silent);
    if (due.length > 0 || silent.length > 0) await sendDue([...new Set([...due, ...silent])]);
    if (now - surveyedAtMs < surveyEveryMs) return;
    survey = await atMoment(changing, surveyNotices);
    surveyedAtMs = now;
  }

  async function tryOut(names: readonly string[]): Promise<void> {
    await atDesk(changing, system, async (desk) => {
      for (const one of sendingAmong(notifiersOf(desk.current)))
        if (names.includes(one.name) && (await needsSelfTest(desk, one))) await planSelfTest(desk, one);
    });
  }

  /** Where the database is away the node says so by itself. */
  function report(error: unknown): void {
    if (!isOfStore(error) && !signal.aborted) onTrouble(error, 'notices could not be sent');
  }

  const looking = (async () => {
    const rest = () => pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    for (await rest(); !signal.aborted; await rest()) await look().catch(report);
  })();
  return {
    reading: () => ({ survey, attempts: [...attempts.values()] }),
    async stop() {
      stopping.abort();
      await looking;
      await Promise.all([...running.values()].flatMap((own) => [...own]));
    },
  };
}

/** The notifiers for which something is due, of those that have time; one may be there no more. */
async function dueNotifiers({ tx, current, nowMs }: Moment, hasTime: (name: string) => boolean) {
  const due = { states: ['waiting', 'sending'], dueByMs: nowMs, limit: 1 } as const;
  const [longest] = await tx.notices(due);
  if (longest === undefined) return [];
  const names = new Set([longest.notifier, ...sendingAmong(notifiersOf(current)).map(({ name }) => name)]);
  const found: string[] = [];
  for (const notifier of names) {
    if (hasTime(notifier) && (await tx.notices({ ...due, notifier })).length > 0) found.push(notifier);
  }
  return found;
}
