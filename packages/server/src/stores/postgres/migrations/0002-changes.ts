import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/** Changes, the audit log, what lets people in, and finding the past without reading all of it. */
export const changes: Migration = {
  async up(db: Kysely<Schema>) {
    // Writes that commit nothing are looked for as well when their connection was lost, and for a while only.
    await sql`
      alter table commit_ids
        alter column revision drop not null,
        add column noted_at timestamptz not null default now()`.execute(db);
    await sql`create index commit_ids_by_time on commit_ids (noted_at)`.execute(db);
    await sql`
      create table changes (
        id bigint primary key,
        version bigint not null,
        state text collate "C" not null,
        proposer text collate "C" not null,
        priority bigint not null,
        due_at_ms bigint,
        revision bigint unique,
        updated_at_ms bigint not null,
        document text not null,
        edits text not null
      )`.execute(db);
    await sql`create index changes_by_state on changes (state, id)`.execute(db);
    await sql`create index changes_by_proposer on changes (proposer, id)`.execute(db);
    await sql`
      create table change_objects (
        change_id bigint not null references changes (id),
        kind text collate "C" not null,
        name text collate "C" not null,
        open smallint not null,
        primary key (change_id, kind, name)
      )`.execute(db);
    await sql`create index change_objects_by_name on change_objects (kind, name, change_id)`.execute(db);
    await sql`create index change_objects_open on change_objects (kind, name) where open = 1`.execute(db);
    await sql`
      create table audit (
        seq bigint primary key,
        at_ms bigint not null,
        actor text collate "C" not null,
        action text collate "C" not null,
        change_id bigint,
        subject text,
        detail text not null,
        previous text not null,
        hash text not null
      )`.execute(db);
    await sql`create index audit_by_time on audit (at_ms)`.execute(db);
    await sql`create index audit_by_actor on audit (actor, seq)`.execute(db);
    await sql`create index audit_by_action on audit (action, seq)`.execute(db);
    await sql`create index audit_by_change on audit (change_id, seq) where change_id is not null`.execute(db);
    await sql`
      create table audit_head (
        seq bigint not null,
        hash text not null,
        removed_seq bigint not null,
        removed_hash text not null
      )`.execute(db);
    await sql`
      insert into audit_head (seq, hash, removed_seq, removed_hash)
      values (0, ${'0'.repeat(64)}, 0, ${'0'.repeat(64)})`.execute(db);
    await sql`
      create table credentials (
        id text collate "C" primary key,
        digest text collate "C" not null unique,
        kind text collate "C" not null,
        owner text collate "C" not null,
        expires_at_ms bigint not null,
        document text not null
      )`.execute(db);
    await sql`create index credentials_by_owner on credentials (owner, id)`.execute(db);
    await sql`create index credentials_by_end on credentials (expires_at_ms)`.execute(db);
    await sql`
      create table replays (
        principal text collate "C" not null,
        key text collate "C" not null,
        request text not null,
        at_ms bigint not null,
        status integer not null,
        body text not null,
        primary key (principal, key)
      )`.execute(db);
    await sql`create index replays_by_time on replays (at_ms)`.execute(db);
    await sql`
      create index object_versions_by_past on object_versions (kind, name, revision, version)`.execute(db);
    await sql`create index commits_by_time on commits (at_ms, revision)`.execute(db);
  },
};
