import type { ChangeState } from '../../change.ts';
import type { ShownChange } from '../shown-change.ts';

/** A chain as lists of the API show it. */
export interface ListedChain {
  readonly id: number;
  readonly version: number;
  readonly state: ChangeState;
  readonly reason: string;
  readonly proposer: string;
  readonly createdAt: string;
  readonly of: number;
  readonly enacted: number;
  readonly current?: number;
}

/** A chain as the API shows it by itself. */
export interface ShownChain extends ListedChain {
  readonly waitsFor?: readonly string[];
  readonly expectedAt?: string;
  readonly ifStopped?: readonly { readonly says: string }[];
  readonly steps: readonly { readonly what?: string; readonly earliestAt?: string; readonly change: ShownChange }[];
  readonly problem?: { readonly detail: string };
  readonly warnings?: readonly { readonly at: string; readonly detail: string }[];
}
