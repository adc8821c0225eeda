import type { Kysely } from 'kysely';
import { Problem } from '../../problem.ts';
import type { StoredCommit } from '../../store.ts';
import { insertCommit } from './insert-commit.ts';
import { readRevision } from './read-content.ts';
import type { Schema } from './schema.ts';
import { toStoredBody, toStoredText } from './stored-text.ts';

/**
 * Writes commits as they were, inside a write transaction of the caller, and answers the revision after them.
 * @throws Problem `store-not-empty`.
 */
export async function restoreCommits(db: Kysely<Schema>, commits: AsyncIterable<StoredCommit>): Promise<number> {
  let newest = await readRevision(db);
  if (newest > 0) {
    const detail = `It is at revision ${newest}; only a database in which nothing was ever committed takes a backup.`;
    throw new Problem('store-not-empty', detail);
  }
  for await (const { revision, atMs, author, reason, versions } of commits) {
    if (revision !== newest + 1) throw new RangeError(`Revision ${revision} cannot follow revision ${newest}.`);
    await insertCommit(
      db,
      { revision, at_ms: atMs, author: toStoredText(author), reason: toStoredText(reason) },
      versions.map(({ kind, name, version, body }) => ({
        kind,
        name: toStoredText(name),
        version,
        body: body === undefined ? null : toStoredBody(body),
      })),
    );
    newest = revision;
  }
  return newest;
}
