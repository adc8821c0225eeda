import type { Condition, Reading, SignalCondition } from 'sluice';
import type { ChangeState } from '../change.ts';
import type { SignalBody } from '../kinds/signal.ts';
import type { OwnSignalName } from '../signal.ts';

/** A pending change, as far as an agent has to know it. */
export interface WatchedChange {
  readonly id: number;
  readonly version: number;
  readonly priority: number;
  readonly condition: Condition;
  /** Since when its condition is what it is, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** When it was altered last: a sign-off alters it too. */
  readonly updatedAtMs: number;
  readonly isInConflict: boolean;
}

/** In which state a change is, and since when. */
export interface StateOfChange {
  readonly id: number;
  readonly version: number;
  readonly state: ChangeState;
  readonly sinceMs: number;
}

/** A signal that is read outside. */
export interface SignalDefinition {
  readonly name: string;
  readonly version: number;
  readonly body: SignalBody;
}

/** What one of our own counters is asked. */
export type OwnQuestion = Pick<SignalCondition, OwnSignalName>;

/** What was read outside. */
export interface OutsideReading extends Reading {
  readonly name: string;
  /** The version of the definition by which it was read. */
  readonly version: number;
}

/** What came of a claim on one change. */
export interface ClaimResult {
  readonly id: number;
  readonly result: 'granted' | 'claimed' | 'resting' | 'gone' | 'behind';
  readonly untilMs?: number;
}

/** What the server says of the notice that has to go ahead of an enactment. */
export interface NoticeResult {
  readonly state: string;
  /** When it can be enacted, where that is not yet. */
  readonly enactableAtMs?: number;
}

/** What came of an enactment. */
export interface EnactResult {
  readonly state: ChangeState;
  /** The code and the sentence of what made it fail. */
  readonly problem?: { readonly code: string; readonly detail: string };
}

/** Everything that an agent asks of a server. Whatever goes wrong is a `Problem`. */
export interface AgentApi {
  /** Every pending change, or those that were altered since. */
  pending(updatedFromMs?: number): Promise<readonly WatchedChange[]>;
  statesSince(updatedFromMs: number): Promise<readonly StateOfChange[]>;
  statesOf(ids: readonly number[]): Promise<readonly StateOfChange[]>;
  signals(): Promise<readonly SignalDefinition[]>;
  /** What is known of a signal since then, the oldest first. */
  history(signal: string, fromMs: number): Promise<readonly Reading[]>;
  report(readings: readonly OutsideReading[]): Promise<void>;
  /** Has the server read its own counters; the readings by `signalKey`. */
  readOwn(questions: readonly OwnQuestion[]): Promise<ReadonlyMap<string, Reading>>;
  /** Claims these changes, in their order; with `inOrder` none behind one that another agent has. */
  claim(changes: readonly number[], options: { readonly inOrder: boolean }): Promise<readonly ClaimResult[]>;
  release(changes: readonly number[]): Promise<void>;
  /** Has people told that a change is about to be enacted, where they have to be. */
  announce(change: number): Promise<NoticeResult>;
  enact(change: number): Promise<EnactResult>;
  /** Tells that an attempt has failed; answers when the next one may be. */
  reportAttempt(change: number, failure: { readonly problem: string; readonly detail: string }): Promise<number>;
}
