import type { Kysely } from 'kysely';
import { batches } from './batches.ts';
import type { Schema } from './schema.ts';

/** One version to be written, in the form of the tables. */
export type NewVersion = Omit<Schema['object_versions'], 'revision'>;

/** Writes a commit and its versions, which become the newest of their objects, inside a write transaction of the caller. */
export async function insertCommit(
  db: Kysely<Schema>,
  commit: Schema['commits'],
  versions: readonly NewVersion[],
): Promise<void> {
  const { revision } = commit;
  await db.insertInto('commits').values(commit).execute();
  for (const batch of batches(versions)) {
    const heads = batch.map(({ kind, name, version }) => ({ kind, name, version, revision }));
    await db
      .insertInto('object_versions')
      .values(batch.map((version) => ({ ...version, revision })))
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
}
