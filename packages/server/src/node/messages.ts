import type { Config } from '../config.ts';
import type { BinCount } from '../count.ts';
import type { CheckName } from '../health.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import type { Mistake, ProblemCode } from '../problem.ts';
import type { SamplePiece } from '../sample/request-sample.ts';
import type { StoreChanges } from '../store.ts';

/** What came of the last looks, without what is for operators only. */
export type Checks = Readonly<Record<CheckName, 'ok' | 'error'>>;

/** What the primary tells a worker. */
export type ToWorker =
  /** What to do it with, everything that is served, and where to listen, should the configuration leave the port open. */
  | {
      readonly kind: 'begin';
      readonly changes: StoreChanges;
      readonly config: Config;
      readonly checks: Checks;
      readonly port: number | undefined;
      /** Which request lines are kept hangs on it, for all workers alike. */
      readonly seed: string;
    }
  | { readonly kind: 'changes'; readonly changes: StoreChanges }
  | { readonly kind: 'checks'; readonly checks: Checks }
  /** Let running requests end, then end. */
  | { readonly kind: 'stop'; readonly graceMs: number };

/** How a worker is, for the health of its node. */
export interface WorkerState {
  /** Its resident memory. */
  readonly memoryBytes: number;
  /** Until when its certificate is valid, if it has one. */
  readonly certificateExpiresAtMs?: number | undefined;
}

/** What a worker tells its primary. */
export type ToPrimary =
  /** Hears from now on. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  /** Could not begin; the reason, where it was an expected one. */
  | {
      readonly kind: 'failed';
      readonly code: ProblemCode;
      readonly detail: string;
      readonly mistakes: readonly Mistake[];
    }
  /** Everything that it has counted so far, and how it is. */
  | { readonly kind: 'reading'; readonly reading: MeterReading; readonly state: WorkerState }
  /** What it has counted since it told before; all that was counted before `throughMs` has been told. */
  | { readonly kind: 'counted'; readonly counts: readonly BinCount[]; readonly throughMs: number }
  /** Request lines for previews that it has come to keep. */
  | { readonly kind: 'sampled'; readonly piece: SamplePiece }
  /** A release could not be read from its file. */
  | { readonly kind: 'damaged' };
