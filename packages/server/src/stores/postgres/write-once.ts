import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Problem } from '../../problem.ts';
import type { Schema } from '../sql/schema.ts';
import type { Written } from '../sql/sql-transaction.ts';
import { CommitInDoubt } from './commit-in-doubt.ts';
import type { OpenDatabase } from './open-database.ts';
import { inTransaction } from './transaction.ts';
import { withPatience } from './with-patience.ts';

/** The channel on which writers tell those who watch. */
export const channel = 'sluice_commit';

export interface WriteOptions {
  /** Gives the turn to write; what waits in the database holds a connection. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether the work can be done anew after an attempt that came to nothing. */
  readonly repeatable: boolean;
}

/**
 * Does `work` in a write transaction, and answers what it came to. It is enacted once or not at all, also when the
 * connection is lost while the server commits: the next attempt has the writers' lock, so whatever became of the last
 * one is settled by then, and looks for its id before it does anything.
 * @throws Problem `store-unavailable` when that cannot be found out either, saying so.
 */
export async function writeOnce<T>(
  database: OpenDatabase,
  work: (db: Kysely<Schema>) => Promise<Written<T>>,
  { inTurn, repeatable }: WriteOptions,
): Promise<T> {
  const { place, patienceMs, silenceMs, db } = database;
  const id = randomUUID();
  let attempted = false;
  let inDoubt = false;
  /** What the last attempt came to that got as far as the commit. */
  let last: Written<T> | undefined;
  let landed: Written<T> | undefined;

  const attempt = async (db: Kysely<Schema>): Promise<T> => {
    if (inDoubt && (await hasLanded(db, id))) landed = last;
    if (landed !== undefined) return landed.result;
    inDoubt = false;
    if (attempted && !repeatable) {
      const detail = `The connection to the PostgreSQL database ${place} was lost, and nothing was written: try again.`;
      throw new Problem('store-unavailable', detail);
    }
    attempted = true;
    last = await work(db);
    if (last.wrote) await noteLanding(db, id, last.tells);
    return last.result;
  };

  try {
    return await withPatience(
      database,
      () =>
        inTurn(() => inTransaction(db, 'write', attempt)).catch((error: unknown) => {
          inDoubt ||= error instanceof CommitInDoubt;
          throw error;
        }),
      // The server gives up a transaction whose client is silent for so long, and with it the lock.
      () => (inDoubt ? patienceMs + 2 * silenceMs : patienceMs),
    );
  } catch (error) {
    if (landed !== undefined) return landed.result;
    if (!inDoubt) throw error;
    const detail = `The connection to the PostgreSQL database ${place} was lost during a commit, and whether it was enacted is not known: look at the history before you try again.`;
    throw new Problem('store-unavailable', detail, [], { cause: error });
  }
}

/** The table beside those that every SQL store has. */
type CommitIds = Readonly<Record<'commit_ids', { readonly commit_id: string }>>;

async function hasLanded(db: Kysely<Schema>, id: string): Promise<boolean> {
  const found = await db
    .withTables<CommitIds>()
    .selectFrom('commit_ids')
    .select('commit_id')
    .where('commit_id', '=', id)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * Also tells those who watch, where it `tells`, which the server does when the transaction is committed, and forgets what nobody looks
 * for any more: an attempt is given up within the minute.
 */
async function noteLanding(db: Kysely<Schema>, id: string, tells: boolean): Promise<void> {
  await sql`
    with forgotten as (delete from commit_ids where noted_at < now() - interval '1 day'),
      landed as (insert into commit_ids (commit_id) values (${id}) returning commit_id)
    select pg_notify(${channel}, commit_id::text) from landed where ${tells}::boolean`.execute(db);
}
