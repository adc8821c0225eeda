import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { backoffMs } from '../backoff.ts';
import { Problem, type ProblemCode } from '../problem.ts';
import type { AgentApi } from './agent-api.ts';
import { attempt, type Outcome } from './attempt.ts';
import type { Candidate, LookOut } from './look-out.ts';
import { StandingBy } from './standing-by.ts';

export interface ActingOptions {
  readonly api: Pick<AgentApi, 'claim' | 'release' | 'announce' | 'enact' | 'reportAttempt' | 'statesOf'>;
  readonly lookOut: Pick<LookOut, 'hold' | 'doubt'>;
  /** By the clock of the server. */
  readonly nowMs: () => number;
  readonly leaseMs: number;
  readonly draw: () => number;
  readonly onOutcome: (outcome: Outcome, candidate: Candidate) => void;
  /** Gets what went wrong beside the attempts themselves. */
  readonly onTrouble: (error: unknown) => void;
}

const mostAtOnce = 16;
/** How long an attempt keeps the next one waiting. */
const patienceMs = 500;
/** A server that takes so long to say anything does not get on with its work. */
const slowMs = 250;
const awayMs = 250;
/** How many are begun before the agent looks again at what there is. */
const mostInARow = 64;
const mostPerRelease = 100;
/** Of how many changes it is remembered how often they were tried. */
const mostTried = 10_000;
const backoff = { leastMs: 10_000, mostMs: 600_000 } as const;
const doubt = { leastMs: 1000, mostMs: 60_000 } as const;

/** When to ask again, where the server does not say. */
const restMs: Readonly<Partial<Record<ProblemCode, number>>> = {
  'change-claimed': 1000,
  'notice-missing': 5000,
  frozen: 30_000,
};
const usualRestMs = 60_000;
const mostRestMs = 300_000;

/** Has changes enacted, each by itself: begun in their order, and none delayed for long by one that fails or hangs. */
export class Acting {
  readonly #options: ActingOptions;
  readonly #inFlight = new Map<number, Promise<void>>();
  /** How often in a row the server saw it otherwise, or could not do it. */
  readonly #tries = new LRUCache<number, number>({ max: mostTried });
  /** What was claimed and is not done, and what of it is not needed any more. */
  readonly #claimed = new Set<number>();
  readonly #spare = new Set<number>();
  #standingBy: StandingBy;
  #awayUntilMs = 0;
  #isStopping = false;

  constructor(options: ActingOptions) {
    this.#options = options;
    this.#standingBy = new StandingBy(options.leaseMs);
  }

  /** Before then there is nothing to do, as another agent is at it, or the server is away. */
  get notBeforeMs(): number {
    return Math.max(this.#standingBy.untilMs, this.#awayUntilMs);
  }

  /** Waits for nothing of before any more, as the clock was set back. */
  beginAnew(): void {
    this.#awayUntilMs = 0;
    this.#standingBy = new StandingBy(this.#options.leaseMs);
  }

  get #mustPause(): boolean {
    return this.#isStopping || this.#options.nowMs() < this.#awayUntilMs;
  }

  /** Attempts what is due, as far as that goes in one go. @throws Problem where nothing can be claimed. */
  async act(candidates: readonly Candidate[]): Promise<void> {
    const { nowMs, leaseMs } = this.#options;
    if (this.#mustPause || nowMs() < this.#standingBy.untilMs) return;
    let waiting = candidates.filter(({ change }) => !this.#inFlight.has(change.id)).slice(0, mostInARow);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce);
      const claimedAtMs = nowMs();
      const { granted, mustStandBy } = await this.#claim(batch);
      let begun = 0;
      for (const candidate of granted) {
        // What is left of a lease must do for an attempt.
        if (this.#mustPause || nowMs() - claimedAtMs > leaseMs / 2) break;
        await this.#begin(candidate);
        begun += 1;
      }
      await this.#release();
      if (mustStandBy || this.#mustPause) return;
      waiting = [...granted.slice(begun), ...waiting.slice(batch.length)];
    }
  }

  /** Begins nothing more, waits for what is running, and gives back what was claimed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#inFlight.values());
    for (const id of this.#claimed) this.#spare.add(id);
    await this.#release();
  }

  /** Gives back what is not needed now, so that no other agent waits for it. */
  async #release(): Promise<void> {
    const ids = [...this.#spare].slice(0, mostPerRelease);
    if (ids.length === 0) return;
    this.#spare.clear();
    try {
      await this.#options.api.release(ids);
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #claim(batch: readonly Candidate[]): Promise<{ granted: readonly Candidate[]; mustStandBy: boolean }> {
    const { api, lookOut, nowMs } = this.#options;
    const inOrder = this.#standingBy.keepsOrder;
    const results = await api.claim(
      batch.map(({ change }) => change.id),
      { inOrder },
    );
    const blocking = results.find(({ result }) => result === 'claimed');
    this.#standingBy.note(blocking, nowMs());
    for (const { id, result, untilMs = nowMs() + usualRestMs } of results) {
      if (result === 'resting' || result === 'gone') lookOut.hold(id, untilMs);
      if (result === 'claimed' && !inOrder) lookOut.hold(id, Math.min(untilMs, nowMs() + 1000));
    }
    const ids = new Set(results.filter(({ result }) => result === 'granted').map(({ id }) => id));
    for (const id of ids) this.#claimed.add(id);
    return {
      granted: batch.filter(({ change }) => ids.has(change.id)),
      mustStandBy: inOrder && blocking !== undefined,
    };
  }

  /** Begins an attempt when there is room, and waits a little for its end. */
  async #begin(candidate: Candidate): Promise<void> {
    while (this.#inFlight.size >= mostAtOnce) await Promise.race(this.#inFlight.values());
    const { id } = candidate.change;
    const running = this.#attempt(candidate).finally(() => this.#inFlight.delete(id));
    this.#inFlight.set(id, running);
    while (!(await isDoneWithin(running, patienceMs))) {
      // Is it this change, or is nothing done at all? What comes behind is begun only where others get through.
      const askedMs = performance.now();
      if (!(await this.#isServerThere(id))) return this.#goneAway();
      if (performance.now() - askedMs < slowMs) return;
    }
  }

  async #isServerThere(id: number): Promise<boolean> {
    try {
      await this.#options.api.statesOf([id]);
      return true;
    } catch {
      return false;
    }
  }

  #goneAway(): void {
    this.#awayUntilMs = this.#options.nowMs() + awayMs;
  }

  async #attempt(candidate: Candidate): Promise<void> {
    const { api, lookOut, nowMs, onOutcome } = this.#options;
    const { id } = candidate.change;
    const attempted = await attempt(api, candidate, nowMs);
    const isLost = attempted.kind === 'trouble' && attempted.problem === 'api-unavailable';
    const outcome: Outcome = isLost && !(await this.#isServerThere(id)) ? { kind: 'away' } : attempted;
    onOutcome(outcome, candidate);
    this.#claimed.delete(id);
    if (outcome.kind === 'trouble') return lookOut.hold(id, await this.#tellTrouble(id, outcome));
    if (outcome.kind === 'enacted' || outcome.kind === 'failed') {
      this.#tries.delete(id);
      // Until the mirror has heard of it.
      return lookOut.hold(id, nowMs() + usualRestMs);
    }
    // Nothing speaks against it: it is the first again.
    if (outcome.kind === 'away' || outcome.problem === 'sign-in-needed') return this.#goneAway();
    if (outcome.problem === 'change-not-due') lookOut.doubt(id, nowMs() + backoffMs(this.#count(id), () => 0, doubt));
    else {
      const saidMs = outcome.untilMs ?? nowMs() + (restMs[outcome.problem] ?? usualRestMs);
      // Whatever the server said may be otherwise since, as with a notifier that was altered.
      const untilMs = Math.min(saidMs, nowMs() + mostRestMs);
      lookOut.hold(id, untilMs, outcome.problem !== 'change-claimed');
    }
    this.#spare.add(id);
  }

  async #tellTrouble(id: number, { problem, detail }: Extract<Outcome, { kind: 'trouble' }>): Promise<number> {
    const { api, nowMs, draw, onTrouble } = this.#options;
    const ownMs = nowMs() + backoffMs(this.#count(id), draw, backoff);
    try {
      return await api.reportAttempt(id, { problem, detail });
    } catch (error) {
      const isOver = error instanceof Problem && ['change-not-open', 'change-not-found'].includes(error.code);
      if (!isOver) onTrouble(error);
      return ownMs;
    }
  }

  #count(id: number): number {
    const before = this.#tries.get(id) ?? 0;
    this.#tries.set(id, before + 1);
    return before;
  }
}

/** Whether something ends within a time. */
async function isDoneWithin(running: Promise<void>, ms: number): Promise<boolean> {
  const enough = new AbortController();
  const late = pause(ms, false, { signal: enough.signal }).catch(() => false);
  try {
    return await Promise.race([running.then(() => true), late]);
  } finally {
    enough.abort();
  }
}
