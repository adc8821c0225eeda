import type { ClaimResult } from './agent-api.ts';

/**
 * Whether to wait because another agent is at what comes first: two that act at once would not keep the order. One that does
 * not get on is not waited for.
 */
export class StandingBy {
  readonly #leaseMs: number;
  #blocking: { readonly id: number; readonly sinceMs: number } | undefined;
  #nowMs = 0;
  untilMs = 0;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** Whether nothing is to be claimed behind what another agent has. */
  get keepsOrder(): boolean {
    return this.#blocking === undefined || this.#nowMs - this.#blocking.sinceMs < 2 * this.#leaseMs;
  }

  /** Hears of the first change that another agent has, if there is one. */
  note(blocking: Pick<ClaimResult, 'id' | 'untilMs'> | undefined, nowMs: number): void {
    this.#nowMs = nowMs;
    if (blocking === undefined) {
      this.#blocking = undefined;
      this.untilMs = 0;
      return;
    }
    const { id, untilMs = nowMs } = blocking;
    if (this.#blocking?.id !== id) this.#blocking = { id, sinceMs: nowMs };
    this.untilMs = this.keepsOrder ? Math.min(nowMs + mostWaitMs, Math.max(untilMs, nowMs + leastWaitMs)) : 0;
  }
}

const leastWaitMs = 100;
/** The other one may be done before its lease ends. */
const mostWaitMs = 500;
