import type { ProblemCode } from './problem.ts';

/** An agent's word that it is about to have a change enacted, and what came of its attempts. */
export interface Claim {
  readonly change: number;
  /** The version of the change that was attempted; an alteration begins anew. */
  readonly version: number;
  /** A text that the agent made up when it started. */
  readonly holder: string;
  /** Until then nobody else may claim it, in milliseconds since 1970. */
  readonly untilMs: number;
  /** How many attempts have failed in a row. */
  readonly failures: number;
  /** Before then it is not attempted again. */
  readonly nextAtMs: number;
  /** What came of the last attempt that failed. */
  readonly trouble?: { readonly problem: ProblemCode | 'unknown'; readonly detail: string; readonly atMs: number };
}

/** What is said to last longer was written by a clock that has been set back since, and counts for nothing. */
export const longestClaimMs = 300_000;
export const longestRestMs = 600_000;
