import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from '../../sql/schema.ts';

/** Counts, readings of signals, notices, claims, and finding what is due or was altered lately. */
export const signalsAndNotices: Migration = {
  async up(db: Kysely<Schema>) {
    await sql`
      create table count_series (
        id integer primary key,
        product text not null,
        event text not null,
        channel text not null,
        version text not null,
        release text not null,
        rule integer not null,
        unique (product, event, channel, version, release, rule)
      ) strict`.execute(db);
    await sql`
      create table counts (
        series integer not null references count_series (id),
        bin_ms integer not null,
        count integer not null,
        primary key (series, bin_ms)
      ) strict, without rowid`.execute(db);
    await sql`
      create table count_sources (
        source text primary key,
        sequence integer not null,
        through_ms integer not null,
        seen_at_ms integer not null,
        ended integer not null
      ) strict, without rowid`.execute(db);
    await sql`
      create table readings (
        signal text not null,
        as_of_ms integer not null,
        at_ms integer not null,
        read_by text not null,
        value real,
        note text not null,
        primary key (signal, as_of_ms)
      ) strict, without rowid`.execute(db);
    await sql`create index readings_by_time on readings (as_of_ms)`.execute(db);
    await sql`
      create table notices (
        id text primary key,
        change_id integer,
        notifier text not null,
        state text not null,
        created_at_ms integer not null,
        next_at_ms integer not null,
        document text not null
      ) strict`.execute(db);
    await sql`create index notices_by_time on notices (created_at_ms, id)`.execute(db);
    await sql`create index notices_by_change on notices (change_id, created_at_ms) where change_id is not null`.execute(
      db,
    );
    await sql`create index notices_by_notifier on notices (notifier, created_at_ms)`.execute(db);
    await sql`create index notices_by_state on notices (state, next_at_ms)`.execute(db);
    await sql`
      create table claims (
        change_id integer primary key,
        document text not null
      ) strict`.execute(db);
    await sql`create index changes_by_due on changes (state, coalesce(due_at_ms, 0), priority desc, id)`.execute(db);
    await sql`create index changes_by_update on changes (updated_at_ms)`.execute(db);
  },
};
