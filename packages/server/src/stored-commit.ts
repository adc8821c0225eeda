import type { KindName } from './kind.ts';

/** Who commits, when and why. */
export interface CommitNote {
  readonly atMs: number;
  readonly author: string;
  readonly reason: string;
}

/** One version of one object, as the commit that made it has it. `body` is `undefined` where the object was deleted. */
export interface StoredVersion {
  readonly kind: KindName;
  readonly name: string;
  readonly version: number;
  readonly body: unknown;
}

/** One commit with everything that it made. All of them, oldest first, are all objects that a store holds. */
export interface StoredCommit extends CommitNote {
  /** 1 for the first; the next is one more. */
  readonly revision: number;
  readonly versions: readonly StoredVersion[];
}
