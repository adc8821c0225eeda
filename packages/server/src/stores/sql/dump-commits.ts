import type { Kysely } from 'kysely';
import type { StoredCommit, StoredVersion } from '../../store.ts';
import { titleOf } from './read-content.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, fromStoredText } from './stored-text.ts';

/** Commits that are in memory at once; one release is a megabyte or so. */
const pageSize = 20;

/**
 * Every commit, oldest first, read page by page through `reading`. Commits never change and revisions only grow, so the
 * pages fit together whatever is committed meanwhile.
 */
export async function* dumpCommits(
  reading: <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>,
): AsyncGenerator<StoredCommit> {
  for (let after = 0; ; ) {
    const page = await reading((db) => readPage(db, after));
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    after = last.revision;
  }
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

function storedVersion({ kind, name: stored, version, body }: Schema['object_versions']): StoredVersion {
  const name = fromStoredText(stored);
  return { kind, name, version, body: body === null ? undefined : fromStoredBody(body, titleOf(kind, name)) };
}
