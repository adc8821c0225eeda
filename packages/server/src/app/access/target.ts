import type { KindName } from '../../kind.ts';
import type { Reach } from '../../reach.ts';

/** What an action is to be done to. */
export interface Target {
  readonly kind: KindName;
  /** All that has to be covered; none where the object lies nowhere in particular. */
  readonly reaches: readonly Reach[];
}
