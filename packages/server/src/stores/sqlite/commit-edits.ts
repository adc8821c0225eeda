import { type Kysely, sql } from 'kysely';
import type { CommitNote } from '../../store.ts';
import { type Current, keyOf, type PreparedEdit, refuseLate, refuseMissing } from './prepared-edit.ts';
import { readRevision } from './read-content.ts';
import type { Schema } from './schema.ts';
import { toStoredText } from './stored-text.ts';

/** Rows in one statement; SQLite takes 32 766 parameters, and a row here has five at most. */
const batchSize = 500;

/**
 * Enacts `edits` inside a write transaction of the caller, and answers the revision after it.
 * @throws Problem `version-conflict`, `object-not-found`; nothing was written then.
 */
export async function commitEdits(
  db: Kysely<Schema>,
  edits: readonly PreparedEdit[],
  note: CommitNote,
): Promise<number> {
  const current = await readCurrent(db, edits);
  refuseLate(edits, current);
  refuseMissing(edits, current);
  const newest = await readRevision(db);
  const effective = edits.filter((edit) => current.get(keyOf(edit))?.body !== edit.body);
  if (effective.length === 0) return newest;

  const revision = newest + 1;
  await db
    .insertInto('commits')
    .values({ revision, at_ms: note.atMs, author: toStoredText(note.author), reason: toStoredText(note.reason) })
    .execute();
  for (const batch of batches(effective)) {
    const heads = batch.map((edit) => {
      const version = (current.get(keyOf(edit))?.version ?? 0) + 1;
      return { kind: edit.kind, name: edit.name, version, revision };
    });
    await db
      .insertInto('object_versions')
      .values(heads.map((head, i) => ({ ...head, body: batch[i]?.body ?? null })))
      .execute();
    await db
      .insertInto('heads')
      .values(heads)
      .onConflict((conflict) =>
        conflict.columns(['kind', 'name']).doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          revision: eb.ref('excluded.revision'),
        })),
      )
      .execute();
  }
  return revision;
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

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize);
}
