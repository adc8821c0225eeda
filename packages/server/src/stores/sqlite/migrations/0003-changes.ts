import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/** Changes, the audit log, what lets people in, and finding the past without reading all of it. */
export const changes: Migration = {
  async up(db: Kysely<Schema>) {
    await sql`
      create table changes (
        id integer primary key,
        version integer not null,
        state text not null,
        proposer text not null,
        priority integer not null,
        due_at_ms integer,
        revision integer unique,
        updated_at_ms integer not null,
        document text not null,
        edits text not null
      ) strict`.execute(db);
    await sql`create index changes_by_state on changes (state, id)`.execute(db);
    await sql`create index changes_by_proposer on changes (proposer, id)`.execute(db);
    await sql`
      create table change_objects (
        change_id integer not null references changes (id),
        kind text not null,
        name text not null,
        open integer not null,
        primary key (change_id, kind, name)
      ) strict, without rowid`.execute(db);
    await sql`create index change_objects_by_name on change_objects (kind, name, change_id)`.execute(db);
    await sql`create index change_objects_open on change_objects (kind, name) where open = 1`.execute(db);
    await sql`
      create table audit (
        seq integer primary key,
        at_ms integer not null,
        actor text not null,
        action text not null,
        change_id integer,
        subject text,
        detail text not null,
        previous text not null,
        hash text not null
      ) strict`.execute(db);
    await sql`create index audit_by_time on audit (at_ms)`.execute(db);
    await sql`create index audit_by_actor on audit (actor, seq)`.execute(db);
    await sql`create index audit_by_action on audit (action, seq)`.execute(db);
    await sql`create index audit_by_change on audit (change_id, seq) where change_id is not null`.execute(db);
    await sql`
      create table audit_head (
        seq integer not null,
        hash text not null,
        removed_seq integer not null,
        removed_hash text not null
      ) strict`.execute(db);
    await sql`
      insert into audit_head (seq, hash, removed_seq, removed_hash)
      values (0, ${'0'.repeat(64)}, 0, ${'0'.repeat(64)})`.execute(db);
    await sql`
      create table credentials (
        id text primary key,
        digest text not null unique,
        kind text not null,
        owner text not null,
        expires_at_ms integer not null,
        document text not null
      ) strict`.execute(db);
    await sql`create index credentials_by_owner on credentials (owner, id)`.execute(db);
    await sql`create index credentials_by_end on credentials (expires_at_ms)`.execute(db);
    await sql`
      create table replays (
        principal text not null,
        key text not null,
        request text not null,
        at_ms integer not null,
        status integer not null,
        body text not null,
        primary key (principal, key)
      ) strict`.execute(db);
    await sql`create index replays_by_time on replays (at_ms)`.execute(db);
    await sql`
      create index object_versions_by_past on object_versions (kind, name, revision, version)`.execute(db);
    await sql`create index commits_by_time on commits (at_ms, revision)`.execute(db);
  },
};
