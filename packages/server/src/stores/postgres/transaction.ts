import { CompiledQuery, type Kysely } from 'kysely';
import type { Schema } from '../sql/schema.ts';
import { orInDoubt } from './commit-in-doubt.ts';

/** Any number will do, if every Sluice has the same: "Sluice" in ASCII. */
const writersLock = 0x53_6c_75_69_63_65;

/**
 * How a transaction begins. `read` sees one revision throughout.
 *
 * `write` waits until no other writer of any node is left. PostgreSQL shows a commit to others before it lets go of its
 * locks, and each statement after the waiting sees what is committed by then (`read committed`, said here because a
 * database may have another default): so revisions are given out and become visible one after the other, without a gap.
 */
const beginnings = {
  read: 'start transaction isolation level repeatable read, read only',
  write: `start transaction isolation level read committed, read write; select pg_advisory_xact_lock(${writersLock})`,
};

/**
 * Does `work` in one transaction.
 * @throws CommitInDoubt when the connection was lost while the server was asked to commit; the driver's errors.
 */
export function inTransaction<T>(
  db: Kysely<Schema>,
  beginning: keyof typeof beginnings,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (db) => {
    const say = (text: string) => db.executeQuery(CompiledQuery.raw(text));
    let result: T;
    try {
      await say(beginnings[beginning]);
      result = await work(db);
    } catch (error) {
      // A connection on which not even this can be said is not used again, and the server rolls back by itself.
      await say('rollback').catch(() => {});
      throw error;
    }
    await say('commit').catch(orInDoubt);
    return result;
  });
}
