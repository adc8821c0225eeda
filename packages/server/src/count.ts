import type { TelemetryEvent } from 'sluice';

/** What is counted by itself: update checks that clients make of their own accord, those that people ask for, what telemetry reports. */
export const countEvents = [
  'check',
  'forced-check',
  'installed',
  'active-today',
  'crashed-today',
  'failed',
  /** Checks that were not told apart, because too many versions were asked for at once. */
  'uncounted',
] as const satisfies readonly (TelemetryEvent | 'check' | 'forced-check' | 'uncounted')[];

export type CountEvent = (typeof countEvents)[number];

/** What is counted together. No ids and no addresses. */
export interface CountSeries {
  readonly event: CountEvent;
  /** A product that somebody configured, and one of its channels; `other` for what nobody did. */
  readonly product: string;
  readonly channel: string;
  /** The version that the client said it runs. */
  readonly version: string;
  /** The name of the release that was offered; `''` where none was. */
  readonly release: string;
  /** The rule by which it was offered; 0 where none was. */
  readonly rule: number;
}

/** How often something happened in one bin of time. */
export interface BinCount extends CountSeries {
  /** Where the bin begins, in milliseconds since 1970. */
  readonly binMs: number;
  /** A whole number, at least 1. */
  readonly count: number;
}

/** What one source has counted since its batch before. Merged once, however often it is sent. */
export interface CountBatch {
  /** A UUID: another one each time a node or an edge starts. */
  readonly source: string;
  /** 1 for the first of a source; the next is one more. */
  readonly sequence: number;
  /** All that the source counted before this moment is in this batch or an earlier one. */
  readonly throughMs: number;
  readonly counts: readonly BinCount[];
  /** Whether nothing more will come of this source. */
  readonly last?: true | undefined;
}

/** How far a source has come. */
export interface CountSource {
  readonly source: string;
  readonly sequence: number;
  readonly throughMs: number;
  /** When its last batch was merged, by the clock of whoever merged it. */
  readonly seenAtMs: number;
  /** Whether it said that nothing more will come. */
  readonly ended: boolean;
}

/** Which counts are to be added up. What is absent is any. */
export interface CountQuery {
  readonly events: readonly CountEvent[];
  readonly product: string;
  readonly channel?: string | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  readonly rule?: number | undefined;
  /** Whether only what came with an offer counts. */
  readonly offered?: true | undefined;
  /** Bins that begin at `fromMs` or later, and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
}
