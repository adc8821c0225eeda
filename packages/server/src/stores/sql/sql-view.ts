import type { Kysely } from 'kysely';
import type { StoreView } from '../../store.ts';
import { readAudit, readAuditHead } from './audit-rows.ts';
import { readChange, readChangeAt, readChanges as readChangeList, readOpenChanges } from './change-rows.ts';
import { readClaims } from './claim-rows.ts';
import { readCountSum } from './count-rows.ts';
import { readCountSources } from './count-source-rows.ts';
import { readCredential, readCredentials } from './credential-rows.ts';
import { guarded } from './guarded.ts';
import { readNotice, readNotices } from './notice-rows.ts';
import { readAll, readBody, readChanges, readHistory, readNewest, readObject } from './read-content.ts';
import { readObjects, readTouched, readVersions } from './read-pages.ts';
import { readAt, readCommits, readRevisionAt, readVersionsOf } from './read-past.ts';
import { readNewestReadings, readReadings } from './reading-rows.ts';
import { readReplay } from './replay-rows.ts';
import type { Schema } from './schema.ts';

/** What can be read inside one transaction of the caller. */
export function sqlView(db: Kysely<Schema>): StoreView {
  return {
    newest: () => readNewest(db),
    load: (bodiless) => readAll(db, bodiless),
    loadAt: (revision, bodiless) => readAt(db, revision, bodiless),
    revisionAt: (atMs) => readRevisionAt(db, atMs),
    changesSince: (mark, bodiless) => readChanges(db, mark, bodiless),
    bodyOf: (kind, name, version) => readBody(db, kind, name, version),
    get: (kind, name) => readObject(db, kind, name),
    history: (kind, name) => readHistory(db, kind, name),
    objects: (query) => readObjects(db, query),
    touched: (query) => readTouched(db, query),
    versions: (query) => readVersions(db, query),
    versionsOf: (revision) => readVersionsOf(db, revision),
    commits: (query) => readCommits(db, query),
    change: (id) => readChange(db, id),
    changes: (query) => readChangeList(db, query),
    changeAt: (revision) => readChangeAt(db, revision),
    openChangesOn: (objects) => readOpenChanges(db, objects),
    audit: (query) => readAudit(db, query),
    auditHead: () => readAuditHead(db),
    credential: (digest) => readCredential(db, 'digest', digest),
    credentialById: (id) => readCredential(db, 'id', id),
    credentials: (query) => readCredentials(db, query),
    replay: (principal, key) => readReplay(db, principal, key),
    countSum: (query) => readCountSum(db, query),
    countSources: () => readCountSources(db),
    readings: (query) => readReadings(db, query),
    newestReadings: (signals) => readNewestReadings(db, signals),
    notice: (id) => readNotice(db, id),
    notices: (query) => readNotices(db, query),
    claims: (changes) => readClaims(db, changes),
  };
}

/** Lets `work` read inside a transaction of the caller. */
export async function inSqlView<T>(db: Kysely<Schema>, work: (view: StoreView) => Promise<T>): Promise<T> {
  let over = false;
  try {
    return await work(guarded(sqlView(db), { over: () => over, onFailure: () => {} }));
  } finally {
    over = true;
  }
}
