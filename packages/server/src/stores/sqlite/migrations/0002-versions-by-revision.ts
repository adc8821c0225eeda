import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/** Lets a backup find the versions that a commit made without searching all of them. */
export const versionsByRevision: Migration = {
  async up(db: Kysely<Schema>) {
    await sql`create index object_versions_by_revision on object_versions (revision)`.execute(db);
  },
};
