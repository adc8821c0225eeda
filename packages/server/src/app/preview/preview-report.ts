import type { SampledLine } from '../../sample/sampled-line.ts';
import type { ObjectName } from '../../store.ts';
import type { Shift } from './difference.ts';

/** What edits would do to what clients get. */
export interface PreviewReport {
  /** The revision that the edits were held against, and the time for which everything was worked out. */
  readonly revision: number;
  readonly atMs: number;
  /** How many lines there were, and whether all of them were looked at before time was up. */
  readonly sampled: number;
  readonly complete: boolean;
  readonly total: PreviewCount;
  /** Lines for which not all answers were worked out, because too many draws decide: they count for less than they should. */
  readonly inexact: number;
  readonly byProduct: Ranking<NamedCount>;
  readonly byChannel: Ranking<NamedCount>;
  /** Which answers take the place of which. */
  readonly byOutcome: Ranking<Shift>;
  readonly examples: readonly PreviewExample[];
  readonly regression: readonly RegressionResult[];
}

/** Of request lines, each asked once. */
export interface PreviewCount {
  /** Lines that were looked at. */
  readonly lines: number;
  /** Lines whose answer may be another one. */
  readonly differing: number;
  /** How many answers are expected to be others, those that give another reason for nothing among them. */
  readonly expected: number;
  /** How many of these a client can tell from what it got before. */
  readonly noticed: number;
}

export interface NamedCount extends PreviewCount {
  readonly name: string;
}

/** The largest first; where there are too many, so many more are left out. */
export interface Ranking<T> {
  readonly first: readonly T[];
  readonly leftOut: number;
}

export interface PreviewExample extends SampledLine {
  readonly distance: number;
  readonly before: readonly AnswerChance[];
  readonly after: readonly AnswerChance[];
}

/** An answer, how likely it is, and what decided so. */
export interface AnswerChance {
  readonly answer: string;
  readonly probability: number;
  readonly by: ObjectName | undefined;
}

/** A line that every preview answers: it passes where all that it may get is what it must get. */
export interface RegressionLine {
  readonly name: string;
  readonly line: string;
  readonly userAgent?: string | undefined;
  /** It must get this release, by itself or in a superblob. */
  readonly release?: string | undefined;
  /** It must get nothing. */
  readonly nothing?: true | undefined;
}

export interface RegressionResult {
  readonly name: string;
  readonly line: string;
  readonly before: RegressionEnd;
  readonly after: RegressionEnd;
}

export interface RegressionEnd {
  readonly passed: boolean;
  /** Empty where no face knows the line. */
  readonly got: readonly AnswerChance[];
}
