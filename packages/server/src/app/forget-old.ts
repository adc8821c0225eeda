import type { Transactions } from '../store.ts';
import { removeAuditBefore } from './audit/keep-audit.ts';

export interface ForgetOptions {
  readonly nowMs: () => number;
  /** How long entries of the audit log are kept; all of them for ever where it is absent. */
  readonly keepAuditMs: number | undefined;
  readonly onTrouble: (error: unknown) => void;
}

const everyMs = 3_600_000;
/** How long a request that named itself is remembered, in milliseconds. */
const keepReplaysMs = 24 * 3_600_000;
/** How long people can still see a token or session that has expired. */
const keepCredentialsMs = 30 * 24 * 3_600_000;

/** Forgets every hour what is too old to be of use, until it is stopped. */
export function forgetOld(
  store: Transactions,
  { nowMs, keepAuditMs, onTrouble }: ForgetOptions,
): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const forget = async (): Promise<void> => {
    try {
      const now = nowMs();
      const before = { credentials: now - keepCredentialsMs, replays: now - keepReplaysMs };
      await store.write((transaction) => transaction.forgetBefore(before));
      if (keepAuditMs !== undefined)
        await removeAuditBefore(store, { keepMs: keepAuditMs, nowMs: now, actor: 'system' });
    } catch (error) {
      onTrouble(error);
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
      await running;
    },
  };
}
