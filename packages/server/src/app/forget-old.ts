import { Problem } from '../problem.ts';
import type { Transactions } from '../store.ts';
import { removeAuditBefore } from './audit/keep-audit.ts';

export interface ForgetOptions {
  readonly nowMs: () => number;
  /** How many days what is kept for its time only is kept. */
  readonly days: KeptDays;
  readonly onTrouble: (error: unknown) => void;
}

export interface KeptDays {
  /** Entries of the audit log; all of them for ever where it is absent. */
  readonly audit: number | undefined;
  readonly counts: number;
  readonly readings: number;
  /** Notices that are done with. */
  readonly notices: number;
}

/** Forgetting, until it is stopped. */
export interface Forgetting {
  /** Waits for what is being removed: as far as the store lets it. */
  stop(): Promise<void>;
}

const everyMs = 3_600_000;
const dayMs = 24 * 3_600_000;
/** How long a request that named itself is remembered, in milliseconds. */
const keepReplaysMs = dayMs;
/** How long people can still see a token or session that has expired. */
const keepCredentialsMs = 30 * dayMs;

/** Forgets every hour what is too old to be of use, until it is stopped. */
export function forgetOld(store: Transactions, { nowMs, days, onTrouble }: ForgetOptions): Forgetting {
  let running: Promise<void> | undefined;
  let isStopped = false;
  const forget = async (): Promise<void> => {
    try {
      const now = nowMs();
      const before = {
        credentials: now - keepCredentialsMs,
        replays: now - keepReplaysMs,
        counts: now - days.counts * dayMs,
        readings: now - days.readings * dayMs,
        notices: now - days.notices * dayMs,
      };
      await store.write((transaction) => transaction.forgetBefore(before));
      if (days.audit === undefined) return;
      const keepMs = days.audit * dayMs;
      const { verdict } = await removeAuditBefore(store, { keepMs, nowMs: now, actor: 'system' });
      if (verdict.ok) return;
      const { seq, what, detail } = verdict;
      onTrouble(
        new Problem('store-corrupt', `entry ${seq} of the audit log is ${what}, so none is removed: ${detail}`),
      );
    } catch (error) {
      // It begins anew with the next start.
      if (!isStopped || !(error instanceof Problem)) onTrouble(error);
    }
  };
  const timer = setInterval(() => {
    running ??= forget().finally(() => {
      running = undefined;
    });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      isStopped = true;
      await running;
    },
  };
}
