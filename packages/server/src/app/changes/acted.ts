import type { Change } from '../../change.ts';
import type { Mistake, Problem } from '../../problem.ts';

/** A change as an act left it. */
export interface Acted {
  readonly change: Change;
  /** Why it could not be enacted; the change has failed then, or waits as before. */
  readonly problem?: Problem;
  /** What a person should know about the edits. */
  readonly warnings: readonly Mistake[];
}
