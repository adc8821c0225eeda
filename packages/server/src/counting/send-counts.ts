import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import type { CountBatch } from '../count.ts';
import type { GatheredCounts } from './gathered-counts.ts';

/** Brings a batch to where it is kept, and answers once it is there. It may be brought more than once. */
export type BringBatch = (batch: CountBatch) => Promise<unknown>;

export interface SendingOptions {
  readonly gathered: GatheredCounts;
  readonly bring: BringBatch;
  /** What is brought before all else. */
  readonly first?: readonly CountBatch[];
  /** How often it is brought, in milliseconds. */
  readonly everyMs: number;
  readonly nowMs: () => number;
  /** A number from 0 to 1, drawn anew. */
  readonly spread: () => number;
  /** Called when a batch cannot be brought, once for as long as that is so. */
  readonly onTrouble: (error: unknown) => void;
  /** Called before the last batch is made. */
  readonly onLast?: () => void;
  /** How long the last batches may hold up a node that stops, in milliseconds; a tenth where those before could not be brought. */
  readonly lastMs?: number;
}

/** How the bringing goes. */
export interface SendingState {
  /** Batches that were brought. */
  readonly batches: number;
  /** Batches that wait, and counts that are in none yet. */
  readonly waitingBatches: number;
  readonly waitingCounts: number;
  /** When one was brought last, in milliseconds since 1970; absent before the first. */
  readonly broughtAtMs: number | undefined;
}

export interface Sending {
  state(): SendingState;
  /** Brings all that there is, and no more. What cannot be brought soon is lost. */
  stop(): Promise<void>;
}

/** Pauses between attempts. */
const range = { leastMs: 100, mostMs: 5000 };

/**
 * Brings what is gathered again and again, beginning now. Each batch is brought until that is acknowledged, always the same, and
 * the next only then: whether one that got no answer has arrived is for whoever merges it to know.
 */
export function sendCounts(options: SendingOptions): Sending {
  const { gathered, first = [], bring, everyMs, nowMs, spread, onTrouble, onLast, lastMs = 3000 } = options;
  const stopping = new AbortController();
  const queue: CountBatch[] = [...first];
  let batches = 0;
  let broughtAtMs: number | undefined;
  let failures = 0;
  let isOver = false;

  /** Answers whether the first of the queue was brought. */
  const attempt = async (batch: CountBatch): Promise<boolean> => {
    try {
      await bring(batch);
      queue.shift();
      batches += 1;
      broughtAtMs = nowMs();
      failures = 0;
      return true;
    } catch (error) {
      if (failures === 0) onTrouble(error);
      failures += 1;
      return false;
    }
  };
  const rest = (ms: number): Promise<unknown> => pause(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const beganAt = performance.now();
      queue.push(...gathered.cut(nowMs()));
      for (let next = queue[0]; next !== undefined && !stopping.signal.aborted; next = queue[0]) {
        if (!(await attempt(next))) await rest(backoffMs(failures, spread, range));
      }
      await rest(Math.max(0, everyMs - (performance.now() - beganAt)));
    }
  };
  const finish = async (): Promise<void> => {
    await running;
    onLast?.();
    queue.push(...gathered.cut(nowMs(), true));
    for (let next = queue[0]; next !== undefined && !isOver; next = queue[0]) {
      if (!(await attempt(next))) await pause(range.leastMs);
    }
  };
  const running = run();
  return {
    state: () => ({ batches, waitingBatches: queue.length, waitingCounts: gathered.size, broughtAtMs }),
    async stop() {
      stopping.abort();
      // Where nothing could be brought just now, nothing is likely to be brought in the next moments.
      const patienceMs = failures > 0 ? lastMs / 10 : lastMs;
      await Promise.race([finish(), pause(patienceMs, undefined, { ref: false })]);
      isOver = true;
    },
  };
}
