import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Problem } from '../../problem.ts';
import type { Enacted } from '../sql/commit-edits.ts';
import type { Schema } from '../sql/schema.ts';
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
 * Does `work` in a write transaction, and answers the revision after it. It is enacted once or not at all, also when the
 * connection is lost while the server commits: the next attempt has the writers' lock, so whatever became of the last
 * one is settled by then, and looks for its id before it does anything.
 * @throws Problem `store-unavailable` when that cannot be found out either, saying so.
 */
export async function writeOnce(
  database: OpenDatabase,
  work: (db: Kysely<Schema>) => Promise<Enacted>,
  { inTurn, repeatable }: WriteOptions,
): Promise<number> {
  const { place, patienceMs, silenceMs, db } = database;
  const id = randomUUID();
  let attempted = false;
  let inDoubt = false;
  let landed: number | undefined;

  const attempt = async (db: Kysely<Schema>): Promise<number> => {
    if (inDoubt) landed = await findLanded(db, id);
    if (landed !== undefined) return landed;
    inDoubt = false;
    if (attempted && !repeatable) {
      const detail = `The connection to the PostgreSQL database ${place} was lost, and nothing was written: try again.`;
      throw new Problem('store-unavailable', detail);
    }
    attempted = true;
    const { revision, wrote } = await work(db);
    if (wrote) await noteLanding(db, id, revision);
    return revision;
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
    if (landed !== undefined) return landed;
    if (!inDoubt) throw error;
    const detail = `The connection to the PostgreSQL database ${place} was lost during a commit, and whether it was enacted is not known: look at the history before you try again.`;
    throw new Problem('store-unavailable', detail, [], { cause: error });
  }
}

/** The table beside those that every SQL store has. */
type CommitIds = Readonly<Record<'commit_ids', { readonly commit_id: string; readonly revision: number }>>;

async function findLanded(db: Kysely<Schema>, id: string): Promise<number | undefined> {
  const found = await db
    .withTables<CommitIds>()
    .selectFrom('commit_ids')
    .select('revision')
    .where('commit_id', '=', id)
    .executeTakeFirst();
  return found?.revision;
}

/** Also tells those who watch, which the server does when the transaction is committed. */
async function noteLanding(db: Kysely<Schema>, id: string, revision: number): Promise<void> {
  await sql`
    with landed as (insert into commit_ids (commit_id, revision) values (${id}, ${revision}) returning revision)
    select pg_notify(${channel}, revision::text) from landed`.execute(db);
}
