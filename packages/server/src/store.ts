import type { KindName } from './kind.ts';

/** One object in one version. `body` is its plain JSON form, as `sluice export` prints it, without kind and name. */
export interface StoredObject {
  readonly kind: KindName;
  readonly name: string;
  /** 1 for the first version of a name; it goes on counting over a deletion. */
  readonly version: number;
  /** The revision that made this version. */
  readonly revision: number;
  readonly body: unknown;
}

/** One object's part in a commit. */
export interface StoreEdit {
  readonly kind: KindName;
  readonly name: string;
  /** The new content, or `undefined` to delete the object. */
  readonly body: unknown;
  /**
   * The version this edit was made against: 0 when the object must not exist
   * (a deleted one does not), absent when any will do.
   */
  readonly expectedVersion?: number;
}

/** Who commits, when and why. */
export interface CommitNote {
  readonly atMs: number;
  readonly author: string;
  readonly reason: string;
}

/** One version in an object's history, newest first. `body` is `undefined` where the object was deleted. */
export interface HistoryEntry extends CommitNote {
  readonly version: number;
  readonly revision: number;
  readonly body: unknown;
}

/** Everything that lives at one revision, or, from `changesSince`, only what differs. */
export interface StoreContent {
  readonly revision: number;
  readonly objects: readonly StoredObject[];
  /** Objects that no longer live; always empty in a full `load`. */
  readonly deleted: readonly { readonly kind: KindName; readonly name: string }[];
}

/** Where configuration and its history live. A commit is durable before its promise resolves. */
export interface Store {
  /** The number of the newest commit; 0 when nothing was ever committed. */
  revision(): Promise<number>;
  /** Every living object, all at the same revision. */
  load(): Promise<StoreContent>;
  /** What changed after `revision`, all at the newest revision: each changed object once, in its newest version. */
  changesSince(revision: number): Promise<StoreContent>;
  /** One living object. */
  get(kind: KindName, name: string): Promise<StoredObject | undefined>;
  /** Every version of one object, newest first; empty when there never was one. */
  history(kind: KindName, name: string): Promise<readonly HistoryEntry[]>;
  /**
   * Enacts all edits or none, in one transaction.
   * An edit that changes nothing makes no version; when no edit changes anything the revision stays.
   * Answers the revision after the commit.
   * @throws Problem `version-conflict` (naming every edit that is late), `object-not-found` for a deletion of nothing,
   * `usage` when one object is edited twice.
   */
  commit(edits: readonly StoreEdit[], note: CommitNote): Promise<number>;
  close(): Promise<void>;
}
