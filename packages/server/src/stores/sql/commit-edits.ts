import { type Kysely, sql } from 'kysely';
import type { CommitNote } from '../../stored-commit.ts';
import { batches } from './batches.ts';
import { insertCommit, type NewVersion } from './insert-commit.ts';
import { type Current, keyOf, type PreparedEdit, refuseLate, refuseMissing } from './prepared-edit.ts';
import { readRevision } from './read-content.ts';
import type { Schema } from './schema.ts';
import { toStoredText } from './stored-text.ts';

/** What a commit came to: when no edit changed anything, nothing was written and the revision is the one before. */
export interface Enacted {
  readonly revision: number;
  /** In the form of the tables. */
  readonly versions: readonly NewVersion[];
}

/**
 * Enacts `edits` inside a write transaction of the caller.
 * @throws Problem `version-conflict`, `object-not-found`; nothing was written then.
 */
export async function commitEdits(
  db: Kysely<Schema>,
  edits: readonly PreparedEdit[],
  note: CommitNote,
): Promise<Enacted> {
  const current = await readCurrent(db, edits);
  refuseLate(edits, current);
  refuseMissing(edits, current);
  const newest = await readRevision(db);
  const effective = edits.filter((edit) => current.get(keyOf(edit))?.body !== edit.body);
  if (effective.length === 0) return { revision: newest, versions: [] };

  const revision = newest + 1;
  const versions = effective.map((edit) => {
    const version = (current.get(keyOf(edit))?.version ?? 0) + 1;
    return { kind: edit.kind, name: edit.name, version, body: edit.body };
  });
  const { atMs, author, reason } = note;
  await insertCommit(
    db,
    { revision, at_ms: atMs, author: toStoredText(author), reason: toStoredText(reason) },
    versions,
  );
  return { revision, versions };
}

/** What the store holds now under the names that are edited. */
async function readCurrent(db: Kysely<Schema>, edits: readonly PreparedEdit[]): Promise<ReadonlyMap<string, Current>> {
  const current = new Map<string, Current>();
  for (const batch of batches(edits)) {
    const names = sql.join(batch.map(({ kind, name }) => sql`(${kind}, ${name})`));
    const { rows } = await sql<Pick<Schema['object_versions'], 'kind' | 'name' | 'version' | 'body'>>`
      select kind, name, version, body
      from heads join object_versions using (kind, name, version)
      where (kind, name) in (values ${names})`.execute(db);
    for (const row of rows) current.set(keyOf(row), row);
  }
  return current;
}
