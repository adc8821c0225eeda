import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/** Versioned objects and the commits that made them. */
export const objects: Migration = {
  async up(db: Kysely<Schema>) {
    await sql`
      create table commits (
        revision integer primary key,
        at_ms integer not null,
        author text not null,
        reason text not null
      ) strict`.execute(db);
    await sql`
      create table object_versions (
        kind text not null,
        name text not null,
        version integer not null,
        revision integer not null references commits (revision),
        body text,
        primary key (kind, name, version)
      ) strict`.execute(db);
    await sql`
      create table heads (
        kind text not null,
        name text not null,
        version integer not null,
        revision integer not null,
        primary key (kind, name),
        foreign key (kind, name, version) references object_versions (kind, name, version)
      ) strict, without rowid`.execute(db);
    await sql`create index heads_by_revision on heads (revision)`.execute(db);
  },
};
