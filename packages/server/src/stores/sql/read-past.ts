import { type Kysely, sql } from 'kysely';
import type { KindName } from '../../kind.ts';
import type { CommitHeader, StoreContent } from '../../store.ts';
import type { StoredVersion } from '../../stored-commit.ts';
import type { NewVersion } from './insert-commit.ts';
import { pageLimit } from './page-limit.ts';
import { readAll, readRevision, storedObject, titleOf } from './read-content.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, fromStoredText } from './stored-text.ts';

/** Every object that lived at `revision`, in the version of then. */
export async function readAt(
  db: Kysely<Schema>,
  revision: number,
  bodiless: readonly KindName[] = [],
): Promise<StoreContent> {
  if (revision >= (await readRevision(db))) return readAll(db, bodiless);
  const body =
    bodiless.length === 0
      ? sql`object.body`
      : sql`case when object.kind in (${sql.join(bodiless)}) then 'null' else object.body end`;
  // Each name is looked up once in an index, for the past may be much longer than what lives: `cross` has SQLite go
  // through the names and not through all versions.
  const { rows } = await sql<Schema['object_versions']>`
    select object.kind, object.name, object.version, object.revision, ${body} as body
    from heads cross join object_versions as object
    where object.kind = heads.kind and object.name = heads.name and object.body is not null
      and object.version = case when heads.revision <= ${revision} then heads.version else (
        select past.version from object_versions as past
        where past.kind = heads.kind and past.name = heads.name and past.revision <= ${revision}
        order by past.revision desc limit 1
      ) end
    order by heads.kind, heads.name`.execute(db);
  return { revision: Math.max(revision, 0), objects: rows.flatMap((row) => storedObject(row) ?? []) };
}

/** The newest revision that was committed at `atMs` or before, 0 when none was. Clocks may have gone back meanwhile. */
export async function readRevisionAt(db: Kysely<Schema>, atMs: number): Promise<number> {
  const row = await db
    .selectFrom('commits')
    .select(({ fn }) => fn.max('revision').as('revision'))
    .where('at_ms', '<=', Math.floor(atMs))
    .executeTakeFirst();
  return row?.revision ?? 0;
}

/** What one commit made, by kind and name. */
export async function readVersionsOf(db: Kysely<Schema>, revision: number): Promise<readonly StoredVersion[]> {
  const rows = await db
    .selectFrom('object_versions')
    .selectAll()
    .where('revision', '=', revision)
    .orderBy('kind')
    .orderBy('name')
    .execute();
  return rows.map(storedVersion);
}

/** A version as the commit that made it has it. */
export function storedVersion({ kind, name: stored, version, body }: NewVersion): StoredVersion {
  const name = fromStoredText(stored);
  return { kind, name, version, body: body === null ? undefined : fromStoredBody(body, titleOf(kind, name)) };
}

/** Commits without what they made, newest first. */
export async function readCommits(
  db: Kysely<Schema>,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly CommitHeader[]> {
  const rows = await db
    .selectFrom('commits')
    .leftJoin('changes', 'changes.revision', 'commits.revision')
    .select(['commits.revision', 'at_ms', 'author', 'reason', 'changes.id as change'])
    .$if(before !== undefined, (query) => query.where('commits.revision', '<', before ?? 0))
    .orderBy('commits.revision', 'desc')
    .limit(pageLimit(limit))
    .execute();
  return rows.map(({ revision, at_ms: atMs, author, reason, change }) => ({
    revision,
    atMs,
    author: fromStoredText(author),
    reason: fromStoredText(reason),
    ...(change === null ? {} : { change }),
  }));
}
