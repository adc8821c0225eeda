import { statSync } from 'node:fs';
import { type Connection, connect } from './connection.ts';

/** The log's length at which a commit folds it, in bytes. SQLite's own habit: a thousand pages. */
export const longLogBytes = 4 * 1024 * 1024;

/**
 * Moves the write-ahead log into the database file when it is longer than `bytes` and nobody else is writing.
 * Never throws: the log is a part of the database, so nothing is lost, and the next long commit tries again.
 *
 * SQLite before 3.51.3, which libsql is built from, can lose commits when a checkpoint runs while another connection
 * commits and so restarts the log (https://www.sqlite.org/wal.html#walresetbug). Here a second connection holds the
 * write lock meanwhile, so no process can commit, and the two never meet.
 */
export function foldLog(file: string, connection: Connection, bytes: number): void {
  let guard: Connection | undefined;
  try {
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
    if (log === undefined || log.size <= bytes) return;
    guard = connect(file);
    guard.exec('begin immediate');
    connection.exec('pragma wal_checkpoint(passive)');
  } catch {
    // Someone is writing or reading here, or the disk is in trouble and the next statement will say so.
  } finally {
    guard?.close();
  }
}
