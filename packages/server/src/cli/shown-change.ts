import type { Condition, Truth } from 'sluice';
import type { RoleState } from '../app/changes/requirements.ts';
import type { ChainStep, ChangeEdit, ChangeState, Conflict } from '../change.ts';
import type { ObjectName } from '../store.ts';

/** A change as lists of the API show it. */
export interface ListedChange {
  readonly id: number;
  readonly version: number;
  readonly state: ChangeState;
  readonly reason: string;
  readonly proposer: string;
  readonly priority: number;
  readonly condition: Condition;
  readonly signOffs: readonly { readonly user: string; readonly role: string; readonly at: string }[];
  readonly conflicts: readonly Conflict[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly end?: { readonly by: string; readonly at: string; readonly reason: string; readonly revision?: number };
  readonly reverts?: number;
  readonly chain?: ChainStep;
  readonly objects: readonly (ObjectName & { readonly op: ChangeEdit['op'] })[];
}

/** What is true of an open change, as the API shows it. */
export interface ShownFacts {
  readonly required: readonly RoleState[];
  readonly isSigned: boolean;
  readonly isPast: boolean;
  readonly dueAt?: string;
  readonly truth: Truth;
  /** When its condition is expected to become true. */
  readonly expectedAt?: string;
  readonly leaves: readonly { readonly leaf: object; readonly truth: Truth; readonly says: string }[];
  /** What holds it for now. */
  readonly freezes?: readonly { readonly name: string; readonly until: string; readonly reason: string }[];
  readonly objects: readonly (ObjectName & { readonly before?: unknown; readonly after?: unknown })[];
}

/** A change as the API shows it by itself. */
export interface ShownChange extends Omit<ListedChange, 'objects'> {
  readonly edits: readonly ChangeEdit[];
  readonly facts?: ShownFacts;
  /** Why it could not be enacted. */
  readonly problem?: { readonly type: string; readonly detail: string };
  readonly warnings?: readonly { readonly at: string; readonly detail: string }[];
}
