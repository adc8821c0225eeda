import type { KindName } from '../kind.ts';
import type { Mistake, ProblemCode } from '../problem.ts';

/** Something doubtful that a person should know before it is written. */
export interface Doubt extends Mistake {
  readonly code: Extract<
    ProblemCode,
    'invalid-object' | 'file-host-not-allowed' | 'object-in-use' | 'object-not-found'
  >;
  /** Whether a change cannot have it, even where doubts are accepted. */
  readonly isFirm?: true;
}

/** `doubts` are refused where a single object is written by hand; `notes` are only told. */
export interface Review {
  readonly doubts: readonly Doubt[];
  readonly notes: readonly Mistake[];
}

/** A finding within one object: its path and its message. */
export interface ReviewFinding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Absent for a note. */
  readonly code?: Doubt['code'];
  readonly isFirm?: true;
}

/** What the objects will be once the edits are enacted. */
export interface After {
  body(kind: KindName, name: string): unknown;
  all(kind: KindName): readonly { readonly name: string; readonly body: unknown }[];
}
