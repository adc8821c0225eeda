import type { Kysely } from 'kysely';
import type { Schema } from '../sql/schema.ts';
import type { Connection } from './connection.ts';

/**
 * How a transaction begins: `read` fixes the revision that it sees; `write` also takes the write lock at once, so that
 * nothing read inside is outdated at the commit.
 *
 * Only these statements can meet a lock, and they run through `exec`. A statement that libsql has prepared stays half
 * done after SQLITE_BUSY, for it is reset only by its next use, and holds the connection at an old revision.
 */
const beginnings = {
  read: 'begin; select revision from commits limit 1',
  write: 'begin immediate',
};

/** Does `work` in one transaction, while other users of the connection wait. */
export function inTransaction<T>(
  { connection, db }: { readonly connection: Connection; readonly db: Kysely<Schema> },
  beginning: keyof typeof beginnings,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (db) => {
    try {
      connection.exec(beginnings[beginning]);
      const result = await work(db);
      connection.exec('commit');
      return result;
    } catch (error) {
      // After a full disk or an I/O error SQLite has rolled back by itself.
      if (connection.inTransaction) connection.exec('rollback');
      throw error;
    }
  });
}
