import { setTimeout as pause } from 'node:timers/promises';
import { Problem, type ProblemCode } from '../../problem.ts';
import type { Transactions } from '../../store.ts';
import { ensureFirstLink } from './ensure-first-link.ts';

export interface WaitingOptions {
  readonly nowMs: () => number;
  /** Aborted when the node stops. */
  readonly signal: AbortSignal;
  /** How long to wait before a database that was away is asked again, in milliseconds. */
  readonly everyMs?: number;
}

const passing: readonly ProblemCode[] = ['store-unavailable', 'store-busy'];

/**
 * Makes the link of the first administrator as soon as the database can be reached; `undefined` where there is an
 * administrator, or when the node stops before.
 * @throws whatever else keeps it from being made
 */
export async function waitForFirstLink(
  store: Transactions,
  { nowMs, signal, everyMs = 1000 }: WaitingOptions,
): Promise<string | undefined> {
  while (!signal.aborted) {
    try {
      return await ensureFirstLink(store, nowMs());
    } catch (error) {
      if (!(error instanceof Problem && passing.includes(error.code))) throw error;
    }
    // Ended by the signal, it is over all the same.
    await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return undefined;
}
