import { type Kysely, sql } from 'kysely';
import { Problem } from '../../problem.ts';
import type { Schema } from '../sql/schema.ts';
import { migrations } from './migrations/index.ts';
import { inTransaction } from './transaction.ts';

/**
 * Sees to it that the database at `place` has the present tables, in the first schema of its search path.
 * @throws Problem `store-unavailable` when it is of no use, or a newer Sluice made the tables, or there are none and
 * they must exist; the driver's errors.
 */
export async function migrate(place: string, db: Kysely<Schema>, mustExist: boolean): Promise<void> {
  const { encoding, schema } = await readNature(db);
  if (encoding !== 'UTF8') refuse(place, `keeps text as ${encoding}: make one with encoding UTF8`);
  if (schema === null) refuse(place, 'has no schema for tables: look at its search_path');
  const done = await readDone(db);
  if (mustExist && done.length === 0) refuse(place, 'holds nothing of Sluice');
  if (done.some((name) => !Object.hasOwn(migrations, name))) {
    refuse(place, 'was written by a newer Sluice: run that one, or give this one another database');
  }
  // Most of the time there is nothing to do, and no need for a lock or for the right to make tables.
  if (done.length < Object.keys(migrations).length) await inTransaction(db, 'write', makeTables);
}

/**
 * Runs what was not run yet; whoever waited for the writers' lock while another did so finds it done. Kysely's Migrator
 * would take a lock of its own for up to an hour, and inside a transaction it hides what went wrong.
 */
async function makeTables(db: Kysely<Schema>): Promise<void> {
  await sql`
    create table if not exists sluice_migrations (
      name text primary key,
      done_at timestamptz not null default now()
    )`.execute(db);
  const done = await readDone(db);
  for (const [name, { up }] of Object.entries(migrations)) {
    if (done.includes(name)) continue;
    await up(db);
    await sql`insert into sluice_migrations (name) values (${name})`.execute(db);
  }
}

async function readNature(db: Kysely<Schema>): Promise<{ readonly encoding: string; readonly schema: string | null }> {
  const { rows } = await sql<{ encoding: string; schema: string | null }>`
    select current_setting('server_encoding') as encoding, current_schema() as schema`.execute(db);
  return rows[0] ?? { encoding: '', schema: null };
}

/** The names of the migrations that were run, by whatever version of Sluice. */
async function readDone(db: Kysely<Schema>): Promise<readonly string[]> {
  const { rows } = await sql`
    select from pg_tables where schemaname = current_schema() and tablename = 'sluice_migrations'`.execute(db);
  if (rows.length === 0) return [];
  return (await sql<{ name: string }>`select name from sluice_migrations`.execute(db)).rows.map(({ name }) => name);
}

function refuse(place: string, why: string): never {
  throw new Problem('store-unavailable', `The PostgreSQL database ${place} ${why}.`);
}
