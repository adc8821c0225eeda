import type { Kysely } from 'kysely';
import type { StoredCommit, StoredItem, StoredVersion } from '../../store.ts';
import { readAudit, readAuditHead } from './audit-rows.ts';
import { readChangesAfter } from './change-rows.ts';
import { readCredentials } from './credential-rows.ts';
import { storedVersion } from './read-past.ts';
import type { Schema } from './schema.ts';
import { fromStoredText } from './stored-text.ts';

/** Commits or changes that are in memory at once; one release is a megabyte or so. */
const pageSize = 20;
/** Credentials or entries of the audit log. */
const smallPageSize = 200;

/** All that a store holds, read page by page inside one read transaction of the caller. */
export async function* dumpItems(db: Kysely<Schema>): AsyncGenerator<StoredItem> {
  const pages = {
    commits: paged((last?: StoredCommit) => readPage(db, last?.revision ?? 0)),
    changes: paged((last?: { readonly id: number }) => readChangesAfter(db, last?.id ?? 0, pageSize)),
    credentials: paged((last?: { readonly id: string }) =>
      readCredentials(db, { limit: smallPageSize, ...(last !== undefined && { after: last.id }) }),
    ),
    entries: paged((last?: { readonly seq: number }) => readAudit(db, { after: last?.seq ?? 0, limit: smallPageSize })),
  };
  for await (const commit of pages.commits) yield { kind: 'commit', commit };
  for await (const change of pages.changes) yield { kind: 'change', change };
  for await (const credential of pages.credentials) yield { kind: 'credential', credential };
  for await (const entry of pages.entries) yield { kind: 'audit-entry', entry };
  yield { kind: 'audit-head', head: await readAuditHead(db) };
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
