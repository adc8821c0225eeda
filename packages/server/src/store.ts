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

/** Everything that lives at one revision. */
export interface StoreContent {
  readonly revision: number;
  readonly objects: readonly StoredObject[];
}

/** Which commit somebody has come to. Where a database was put back or lost its newest commits, a revision comes twice. */
export interface Mark {
  readonly revision: number;
  /** A digest of the commit's note, `''` at revision 0: it tells apart two commits of the same revision. */
  readonly commit: string;
}

/** What differs from an earlier mark. */
export interface StoreChanges {
  readonly mark: Mark;
  /** Whether these are all living objects, because the earlier mark was never here. */
  readonly whole: boolean;
  /** Each changed object once, in its newest version; the body is `null` where it was not asked for. */
  readonly objects: readonly StoredObject[];
  /** Objects that no longer live; none where `objects` are the whole. */
  readonly deleted: readonly ObjectName[];
}

export interface ObjectName {
  readonly kind: KindName;
  readonly name: string;
}

/** One version of one object, as the commit that made it has it. `body` is `undefined` where the object was deleted. */
export interface StoredVersion {
  readonly kind: KindName;
  readonly name: string;
  readonly version: number;
  readonly body: unknown;
}

/** One commit with everything that it made. All of them, oldest first, are all that a store holds. */
export interface StoredCommit extends CommitNote {
  /** 1 for the first; the next is one more. */
  readonly revision: number;
  readonly versions: readonly StoredVersion[];
}

/** Where configuration and its history live. A commit is durable before its promise resolves. */
export interface Store {
  /** The number of the newest commit; 0 when nothing was ever committed. */
  revision(): Promise<number>;
  /** Every living object, all at the same revision. The body is `null` for the kinds in `bodiless`. */
  load(bodiless?: readonly KindName[]): Promise<StoreContent>;
  /** The newest commit. */
  newest(): Promise<Mark>;
  /** What changed after `mark`, all at the newest revision. Objects of the kinds in `bodiless` come without their bodies. */
  changesSince(mark: Mark, bodiless?: readonly KindName[]): Promise<StoreChanges>;
  /** The body of one version, which never changes; `undefined` where there is none. */
  bodyOf(kind: KindName, name: string, version: number): Promise<unknown>;
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
  /** Every commit there ever was, oldest first, with what is committed while it runs. */
  dump(): AsyncIterable<StoredCommit>;
  /**
   * Takes over commits as another store's `dump` gave them, all or none, in one transaction.
   * Answers the revision after them. When `commits` throws, nothing was taken over.
   * @throws Problem `store-not-empty` when anything was ever committed here.
   */
  restore(commits: AsyncIterable<StoredCommit>): Promise<number>;
  /**
   * Calls `onHint` when someone may have committed, until the function that it answers with is called. A hint may be
   * lost or come too often: asking for the revision is the truth. Absent where a store can only be asked.
   */
  watch?(onHint: () => void): () => void;
  close(): Promise<void>;
}
