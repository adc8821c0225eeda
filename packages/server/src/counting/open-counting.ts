import type { BinCount } from '../count.ts';
import type { CounterSettings } from '../counter-settings.ts';
import { GatheredCounts } from './gathered-counts.ts';
import { type BringBatch, type Sending, type SendingState, sendCounts } from './send-counts.ts';
import { openSourceNames } from './source-names.ts';
import { takeEveryMs } from './take-every-ms.ts';
import { type Taking, takeInBins } from './take-in-bins.ts';
import type { Tally } from './tally.ts';

/** What the processes of a node count, on its way to where it is kept. */
export interface OpenCounting {
  /** Says that a worker is going to count. */
  begin(worker: string): void;
  take(worker: string, counts: readonly BinCount[], throughMs: number): void;
  /** Says that nothing more will come of a worker. */
  end(worker: string): void;
  /** Brings it from now on, and says at once that this node is there. */
  start(): void;
  /** Absent before the start. */
  state(): SendingState | undefined;
  /** Brings what is left; what cannot be brought soon is lost. */
  stop(): Promise<void>;
}

export interface CountingOptions {
  readonly settings: CounterSettings;
  /** The data folder. */
  readonly data: string;
  readonly bring: BringBatch;
  readonly nowMs: () => number;
  readonly onTrouble: (error: unknown) => void;
  /** What this process counts itself; absent where only its workers do. */
  readonly tally: Tally | undefined;
}

/** The process itself, among those of a node. */
const here = 'node';

export function openCounting({ settings, data, bring, nowMs, onTrouble, tally }: CountingOptions): OpenCounting {
  const names = openSourceNames(data, onTrouble);
  const gathered = new GatheredCounts({ makeSource: names.make });
  const everyMs = takeEveryMs(settings);
  let taking: Taking | undefined;
  let sending: Sending | undefined;
  if (tally !== undefined) {
    gathered.begin(here, nowMs());
    taking = takeInBins({
      binMs: settings.binSeconds * 1000,
      everyMs,
      nowMs,
      take: (binMs, throughMs) => gathered.take(here, tally.take(binMs), throughMs),
    });
  }
  return {
    begin: (worker) => gathered.begin(worker, nowMs()),
    take: (worker, counts, throughMs) => gathered.take(worker, counts, throughMs),
    end: (worker) => gathered.end(worker),
    start() {
      sending = sendCounts({
        gathered,
        first: names.first,
        bring,
        // Both together are what may be lost.
        everyMs: settings.flushMs - everyMs,
        nowMs,
        spread: Math.random,
        onTrouble,
        onLast: () => taking?.take(),
      });
    },
    state: () => sending?.state(),
    async stop() {
      await sending?.stop();
      taking?.stop();
    },
  };
}
