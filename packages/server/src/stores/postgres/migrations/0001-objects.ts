import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/**
 * Versioned objects and the commits that made them. Names are compared byte by byte (`collate "C"`), for other orders
 * change with the operating system and would break the indexes. Bodies are text, because `jsonb` takes no NUL and
 * would change numbers.
 */
export const objects: Migration = {
  async up(db: Kysely<Schema>) {
    await sql`
      create table commits (
        revision bigint primary key,
        at_ms bigint not null,
        author text not null,
        reason text not null
      )`.execute(db);
    // What a writer looks for that lost its connection and does not know whether it has committed.
    await sql`
      create table commit_ids (
        commit_id uuid primary key,
        revision bigint not null references commits (revision)
      )`.execute(db);
    await sql`
      create table object_versions (
        kind text collate "C" not null,
        name text collate "C" not null,
        version bigint not null,
        revision bigint not null references commits (revision),
        body text,
        primary key (kind, name, version)
      )`.execute(db);
    await sql`create index object_versions_by_revision on object_versions (revision)`.execute(db);
    await sql`
      create table heads (
        kind text collate "C" not null,
        name text collate "C" not null,
        version bigint not null,
        revision bigint not null,
        primary key (kind, name),
        foreign key (kind, name, version) references object_versions (kind, name, version)
      )`.execute(db);
    await sql`create index heads_by_revision on heads (revision)`.execute(db);
  },
};
