import type { Condition } from 'sluice';
import type { KindName } from './kind.ts';
import type { Reach } from './reach.ts';

export const changeStates = ['draft', 'pending', 'enacted', 'vetoed', 'failed'] as const;

/**
 * Where a change is in its life. The table of transitions is `app/changes/transitions.ts`; *signed off* and *in conflict* are facts
 * about a pending one, not states.
 */
export type ChangeState = (typeof changeStates)[number];

/** One object's part in a change. */
export type ChangeEdit = ChangeTarget &
  (
    | {
        /** Creates the object, or replaces all of it. */
        readonly op: 'put';
        /** Absent once the change is enacted: the version that it made has it. */
        readonly body?: unknown;
      }
    | {
        /** Alters some fields. Source of the form: RFC 7396, JSON Merge Patch. */
        readonly op: 'patch';
        readonly patch: Readonly<Record<string, unknown>>;
      }
    | { readonly op: 'delete' }
  );

export interface ChangeTarget {
  readonly kind: KindName;
  readonly name: string;
  /** The version that the edit was made against; 0 when the object must not exist. */
  readonly expectedVersion: number;
  /** The version that the edit made, once enacted; absent when it altered nothing. */
  readonly madeVersion?: number;
}

/** One person's consent, in a role, to exactly the edits and the condition they saw. */
export interface SignOff {
  readonly user: string;
  readonly role: string;
  readonly atMs: number;
  /** `digestOf` the change that was signed. */
  readonly digest: string;
}

/** An object that someone else altered where a pending change alters it too. */
export interface Conflict {
  readonly kind: KindName;
  readonly name: string;
  /** The version that the change was made against, and the one that there is; 0 where the object does not exist. */
  readonly expectedVersion: number;
  readonly currentVersion: number;
  /** JSON Pointers (RFC 6901) of what both alter; `''` is the whole object. */
  readonly paths: readonly string[];
  /** The change that altered it meanwhile, where one is known. */
  readonly change?: number;
}

/** What became of a change in the end, or at the last attempt. */
export interface ChangeEnd {
  readonly by: string;
  readonly atMs: number;
  /** Why it was vetoed or why it failed; empty for an enactment. */
  readonly reason: string;
  /** The revision that an enactment made, or the one there was when nothing had to be altered. */
  readonly revision?: number;
}

/** Objects of a kind in one place. */
export interface ChangeReach extends Reach {
  readonly kind: KindName;
}

/** A set of edits with a condition, sign-offs and a life. Principals are texts (`principalText`). */
export interface Change {
  readonly id: number;
  /** 1 when it is proposed; one more with every alteration, whoever makes it. */
  readonly version: number;
  readonly state: ChangeState;
  readonly reason: string;
  /** Who proposed it, or edited it last. */
  readonly proposer: string;
  /** Higher first among those that are due; 0 unless said otherwise. */
  readonly priority: number;
  readonly condition: Condition;
  /** When its times first let it be enacted; absent when it waits for no time. Lists of what is due go by it. */
  readonly dueAtMs?: number;
  readonly edits: readonly ChangeEdit[];
  readonly signOffs: readonly SignOff[];
  readonly conflicts: readonly Conflict[];
  /** What its edits touch, before and after: kinds, products and channels. Worked out when it was proposed or edited. */
  readonly reaches: readonly ChangeReach[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly end?: ChangeEnd;
  /** The change that this one takes back. */
  readonly reverts?: number;
  /** Whether content of doubtful use is taken all the same, as an import takes it. */
  readonly acceptsDoubts?: true;
  /** Since when its condition is what it is, in milliseconds since 1970; absent where that is since it was proposed. */
  readonly conditionSinceMs?: number;
  /** The chain of which it is a step. */
  readonly chain?: ChainStep;
}

/** One step of a chain of changes, each of which waits for the one before. */
export interface ChainStep {
  /** The id of the first step. */
  readonly id: number;
  /** 1 for the first. */
  readonly step: number;
  readonly of: number;
}

/** A change without the content of its edits, as lists hold it. */
export interface ChangeSummary extends Omit<Change, 'edits'> {
  readonly objects: readonly (ChangeTarget & { readonly op: ChangeEdit['op'] })[];
}
