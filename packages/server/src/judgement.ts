import type { ConditionLeaf, Reading, SignalCondition, Truth } from 'sluice';
import type { ChangeState } from './change.ts';

/** What one leaf of a condition came to, and why. */
export interface JudgedLeaf {
  readonly leaf: ConditionLeaf;
  readonly truth: Truth;
  /** A sentence for people: what it says, what it came to, and what it waits for. */
  readonly says: string;
  /** `signalKey` of what was read, for a leaf that compares a signal. */
  readonly signal?: string;
  /** The newest reading, for such a leaf; absent where there is none. */
  readonly reading?: Reading;
  /** Since when the comparison has held without a break, by the times of the readings. */
  readonly holdsSinceMs?: number;
  /** Since when it has failed without a break, in the same way. */
  readonly failsSinceMs?: number;
  /** When it is expected to become true: exact for times, an estimate for signals. */
  readonly expectedAtMs?: number;
}

/** What a condition came to. */
export interface Judgement {
  readonly truth: Truth;
  /** From left to right, each as often as it stands there. */
  readonly leaves: readonly JudgedLeaf[];
  /** When the whole is expected to become true; absent where that cannot be said, and where it is true. */
  readonly expectedAtMs?: number;
}

/** All that a condition is judged by: no clock, no store and no network are asked while that is done. */
export interface Known {
  readonly nowMs: number;
  /** Since when the condition is what it is, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** How many sign-offs count in a role. */
  approvals(role: string): number;
  /** What another change is, and since when; `undefined` where that is not known. */
  change(id: number): { readonly state: ChangeState; readonly sinceMs: number } | undefined;
  /**
   * The readings of a signal, the oldest first, as far back as its comparison looks (`readingsFromMs`); empty where there are
   * none.
   */
  readings(signal: SignalCondition): readonly Reading[];
  /** How often a signal is read outside, as its object says; `undefined` for our own, and where that is not known. */
  everyMs(signal: SignalCondition): number | undefined;
  /** When a signal is expected to reach what it is compared with, as its readings go; absent where nobody says so. */
  forecast?(signal: SignalCondition, readings: readonly Reading[]): number | undefined;
}
