import type { Kysely } from 'kysely';
import type { StoredReading } from '../../signal.ts';
import type { StoredCommit, StoredVersion } from '../../stored-commit.ts';
import type { StoredItem } from '../../stored-item.ts';
import { readAudit, readAuditHead } from './audit-rows.ts';
import { readChangesAfter } from './change-rows.ts';
import { type CountPlace, readCountsAfter } from './count-rows.ts';
import { readCountSources } from './count-source-rows.ts';
import { readCredentials } from './credential-rows.ts';
import { readNoticesAfter } from './notice-rows.ts';
import { storedVersion } from './read-past.ts';
import { readReadingsAfter } from './reading-rows.ts';
import type { Schema } from './schema.ts';
import { fromStoredText } from './stored-text.ts';

/** Commits or changes that are in memory at once; one release is a megabyte or so. */
const pageSize = 20;
/** Credentials, entries of the audit log or notices. */
const smallPageSize = 200;
/** Readings or counts. */
const tinyPageSize = 1000;

/** All that a store holds, read page by page inside one read transaction of the caller. */
export async function* dumpItems(db: Kysely<Schema>): AsyncGenerator<StoredItem> {
  const pages = {
    commits: paged((last?: StoredCommit) => readPage(db, last?.revision ?? 0)),
    changes: paged((last?: { readonly id: number }) => readChangesAfter(db, last?.id ?? 0, pageSize)),
    credentials: paged((last?: { readonly id: string }) =>
      readCredentials(db, { limit: smallPageSize, ...(last !== undefined && { after: last.id }) }),
    ),
    entries: paged((last?: { readonly seq: number }) => readAudit(db, { after: last?.seq ?? 0, limit: smallPageSize })),
    readings: paged((last?: StoredReading) => readReadingsAfter(db, last, tinyPageSize)),
    notices: paged((last?: { readonly id: string }) => readNoticesAfter(db, last?.id ?? '', smallPageSize)),
    counts: paged((last?: CountPlace) => readCountsAfter(db, last ?? { series: 0, binMs: 0 }, tinyPageSize)),
  };
  for await (const commit of pages.commits) yield { kind: 'commit', commit };
  for await (const change of pages.changes) yield { kind: 'change', change };
  for await (const credential of pages.credentials) yield { kind: 'credential', credential };
  for await (const entry of pages.entries) yield { kind: 'audit-entry', entry };
  yield { kind: 'audit-head', head: await readAuditHead(db) };
  for await (const reading of pages.readings) yield { kind: 'reading', reading };
  for await (const notice of pages.notices) yield { kind: 'notice', notice };
  for await (const { count } of pages.counts) yield { kind: 'count', count };
  for (const source of await readCountSources(db)) yield { kind: 'count-source', source };
}

/** All items of all pages, each of which begins after the last item of the one before. */
async function* paged<T>(read: (last?: T) => Promise<readonly T[]>): AsyncGenerator<T> {
  for (let page = await read(); page.length > 0; page = await read(page.at(-1))) yield* page;
}

async function readPage(db: Kysely<Schema>, after: number): Promise<readonly StoredCommit[]> {
  const commits = await db
    .selectFrom('commits')
    .selectAll()
    .where('revision', '>', after)
    .orderBy('revision')
    .limit(pageSize)
    .execute();
  const rows = await db
    .selectFrom('object_versions')
    .selectAll()
    .where('revision', '>', after)
    .where('revision', '<=', commits.at(-1)?.revision ?? after)
    .orderBy('revision')
    .orderBy('kind')
    .orderBy('name')
    .execute();
  const versions = new Map<number, StoredVersion[]>(commits.map(({ revision }) => [revision, []]));
  for (const row of rows) versions.get(row.revision)?.push(storedVersion(row));
  return commits.map(({ revision, at_ms: atMs, author, reason }) => ({
    revision,
    atMs,
    author: fromStoredText(author),
    reason: fromStoredText(reason),
    versions: versions.get(revision) ?? [],
  }));
}
