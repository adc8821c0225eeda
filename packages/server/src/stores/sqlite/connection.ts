import type { SqliteDatabase } from 'kysely';
import Database from 'libsql';

/** What we use of a libsql database: Kysely's part of it and two members more. */
export interface Connection extends SqliteDatabase {
  exec(sql: string): void;
  readonly inTransaction: boolean;
}

/** A bare connection to a file that exists. It takes no lock and reads nothing before the first statement. */
export function connect(file: string): Connection {
  return new Database(file);
}

/**
 * Sets a connection to the store's file up. A commit is on the disk before it is acknowledged (`synchronous=full`).
 *
 * The automatic checkpoint is off because `fold-log.ts` runs it safely. There is no `busy_timeout`: SQLite would wait
 * on the thread that answers clients, so `with-patience.ts` waits instead.
 */
export function configure(connection: Connection): void {
  connection.exec('pragma journal_mode = wal');
  connection.exec('pragma synchronous = full');
  connection.exec('pragma foreign_keys = on');
  connection.exec('pragma wal_autocheckpoint = 0');
  connection.exec('pragma journal_size_limit = 0');
}
