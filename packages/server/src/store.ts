import type { AuditEntry, AuditHead, AuditQuery, NewAuditEntry } from './audit.ts';
import type { Change, ChangeState, ChangeSummary } from './change.ts';
import type { Claim } from './claim.ts';
import type { CountBatch, CountQuery, CountSource } from './count.ts';
import type { Credential, CredentialQuery } from './credential.ts';
import type { Forgetfulness } from './forgetfulness.ts';
import type { KindName } from './kind.ts';
import type { Notice, NoticeQuery } from './notice.ts';
import type { Replay } from './replay.ts';
import type { ReadingQuery, StoredReading } from './signal.ts';
import type { CommitNote, StoredVersion } from './stored-commit.ts';
import type { StoredItem } from './stored-item.ts';

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

/** A commit without its versions, newest first in lists. */
export interface CommitHeader extends CommitNote {
  readonly revision: number;
  /** The change that it enacted; absent for what was committed before there were changes. */
  readonly change?: number;
}

/** How many things one page may hold at most. */
export const mostPerPage = 1000;

/** Which changes are wanted, newest first. */
export interface ChangeQuery {
  readonly states?: readonly ChangeState[];
  readonly proposer?: string;
  /** Only those that edit this object. */
  readonly object?: ObjectName;
  readonly kind?: KindName;
  /** Only those that wait for no time after this one; then by time, by priority, the highest first, and by id. */
  readonly dueByMs?: number;
  /** Only those that were altered at this moment or later, in milliseconds since 1970. */
  readonly updatedFromMs?: number;
  /** Ids below this one only: where the page before ended. */
  readonly before?: number;
  readonly limit: number;
}

/** Which objects are wanted, as they were at a revision, by kind and name. */
export interface ObjectQuery {
  readonly revision: number;
  readonly kinds: readonly KindName[];
  readonly name?: string;
  /** Objects after this one only: where the page before ended. */
  readonly after?: ObjectName;
  /** Kinds whose bodies are left out: `null`. */
  readonly bodiless?: readonly KindName[];
  readonly limit: number;
}

/** Which objects are wanted that a commit after `from` and up to `to` touched, by kind and name. */
export interface TouchedQuery {
  readonly from: number;
  readonly to: number;
  readonly kinds: readonly KindName[];
  readonly after?: ObjectName;
  readonly limit: number;
}

/** An object that was touched between two revisions, with its version at each; absent where it did not live. */
export interface TouchedObject extends ObjectName {
  readonly from?: number;
  readonly to?: number;
}

/** Which versions of an object are wanted, newest first. */
export interface VersionQuery extends ObjectName {
  /** Versions below this one only: where the page before ended. */
  readonly before?: number;
  readonly limit: number;
}

/** A version without its body. */
export interface VersionHeader extends CommitNote {
  readonly version: number;
  readonly revision: number;
  /** The change that made it; absent for what was committed before there were changes. */
  readonly change?: number;
  /** Whether it deleted the object. */
  readonly deleted: boolean;
}

/** What a commit came to. */
export interface Committed {
  /** The revision after it; the one before when no edit changed anything. */
  readonly revision: number;
  /** What it made; none when no edit changed anything. Bodies are read when they are asked for. */
  readonly versions: readonly StoredVersion[];
  /** `digestOfCommit` what it made. */
  readonly digest: string;
}

/**
 * Everything that can be read, all of one moment. Of what a transaction has written itself it sees all.
 * Where there is a `limit`, it is from 1 to `mostPerPage`; a RangeError says so of any other.
 */
export interface StoreView {
  newest(): Promise<Mark>;
  load(bodiless?: readonly KindName[]): Promise<StoreContent>;
  /** What lived at `revision`, each object in the version of then; of a revision that is not there yet, what lives now. */
  loadAt(revision: number, bodiless?: readonly KindName[]): Promise<StoreContent>;
  /** The newest revision that was committed at `atMs` or before; 0 when none was. */
  revisionAt(atMs: number): Promise<number>;
  changesSince(mark: Mark, bodiless?: readonly KindName[]): Promise<StoreChanges>;
  bodyOf(kind: KindName, name: string, version: number): Promise<unknown>;
  get(kind: KindName, name: string): Promise<StoredObject | undefined>;
  history(kind: KindName, name: string): Promise<readonly HistoryEntry[]>;
  /** A page of what lived at a revision. */
  objects(query: ObjectQuery): Promise<readonly StoredObject[]>;
  /** A page of what was touched between two revisions. */
  touched(query: TouchedQuery): Promise<readonly TouchedObject[]>;
  /** A page of one object's past. */
  versions(query: VersionQuery): Promise<readonly VersionHeader[]>;
  /** What one commit made, by kind and name; empty where there is no such commit. */
  versionsOf(revision: number): Promise<readonly StoredVersion[]>;
  /** Commits below `before`, newest first. */
  commits(query: { readonly before?: number; readonly limit: number }): Promise<readonly CommitHeader[]>;
  change(id: number): Promise<Change | undefined>;
  changes(query: ChangeQuery): Promise<readonly ChangeSummary[]>;
  /** The change that made a revision. */
  changeAt(revision: number): Promise<ChangeSummary | undefined>;
  /** All pending changes and drafts that edit any of these objects, by id. */
  openChangesOn(objects: readonly ObjectName[]): Promise<readonly Change[]>;
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
  auditHead(): Promise<AuditHead>;
  /** By the SHA-256 of its secret. */
  credential(digest: string): Promise<Credential | undefined>;
  credentialById(id: string): Promise<Credential | undefined>;
  /** By id. */
  credentials(query: CredentialQuery): Promise<readonly Credential[]>;
  replay(principal: string, key: string): Promise<Replay | undefined>;
  /** Adds up what was counted. */
  countSum(query: CountQuery): Promise<number>;
  /** All sources that were not forgotten, by name. */
  countSources(): Promise<readonly CountSource[]>;
  readings(query: ReadingQuery): Promise<readonly StoredReading[]>;
  /** The newest reading of each of these signals that has one. */
  newestReadings(signals: readonly string[]): Promise<readonly StoredReading[]>;
  notice(id: string): Promise<Notice | undefined>;
  notices(query: NoticeQuery): Promise<readonly Notice[]>;
  /** Of each of these changes that was ever claimed. */
  claims(changes: readonly number[]): Promise<readonly Claim[]>;
}

/** A write transaction. Only one runs at a time, over all nodes, so what it reads is true until it ends. */
export interface StoreTransaction extends StoreView {
  /** As `Store.commit`, and answers also what it made. */
  commit(edits: readonly StoreEdit[], note: CommitNote): Promise<Committed>;
  /** One more than any change ever had. */
  nextChangeId(): Promise<number>;
  /** Writes a change, over the one with its id if there is one. */
  putChange(change: Change): Promise<void>;
  /** Adds to the audit log. */
  append(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Removes the entries up to `seq` from the audit log, and notes where it begins now. */
  removeAudit(seq: number): Promise<void>;
  putCredential(credential: Credential): Promise<void>;
  /** Forgets what is older. */
  forgetBefore(atMs: Forgetfulness): Promise<void>;
  putReplay(replay: Replay): Promise<void>;
  /** Adds a batch to the counts, once: answers `false`, and adds nothing, where its source has come as far before. */
  mergeCounts(batch: CountBatch, atMs: number): Promise<boolean>;
  /** Writes readings, each over the one of the same signal and time if there is one; times are rounded down to milliseconds. */
  putReadings(readings: readonly StoredReading[]): Promise<void>;
  /** Writes a notice, over the one with its id if there is one. */
  putNotice(notice: Notice): Promise<void>;
  /** Writes a claim, over the one on its change if there is one. */
  putClaim(claim: Claim): Promise<void>;
}

/** How everything is read and written that belongs together. */
export interface Transactions {
  /** Reads several things of one moment. */
  read<T>(work: (view: StoreView) => Promise<T>): Promise<T>;
  /**
   * Does `work` in one transaction, all or nothing. It may be done again when the connection is lost, so it must touch
   * nothing outside the transaction. An `urgent` one goes before all that wait on this node.
   */
  write<T>(work: (transaction: StoreTransaction) => Promise<T>, options?: { readonly urgent?: boolean }): Promise<T>;
}

/** Where configuration and its history live. A commit is durable before its promise resolves. */
export interface Store extends Transactions {
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
  /** All that the store holds as it is when the reading begins: commits, oldest first, then all else. */
  dump(): AsyncIterable<StoredItem>;
  /**
   * Takes over what another store's `dump` gave, all or nothing, in one transaction. Answers the revision after it.
   * When `items` throws, nothing was taken over.
   * @throws Problem `store-not-empty` when there was ever anything here.
   */
  restore(items: AsyncIterable<StoredItem>): Promise<number>;
  /**
   * Calls `onHint` when someone may have committed, until the function that it answers with is called. A hint may be
   * lost or come too often: asking for the revision is the truth. Absent where a store can only be asked.
   */
  watch?(onHint: () => void): () => void;
  close(): Promise<void>;
}
