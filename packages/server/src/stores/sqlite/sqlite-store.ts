import type { Kysely } from 'kysely';
import type { Store } from '../../store.ts';
import { commitEdits } from '../sql/commit-edits.ts';
import { dumpCommits } from '../sql/dump-commits.ts';
import { prepareEdits } from '../sql/prepared-edit.ts';
import { readHistory, readObject, readSince } from '../sql/read-content.ts';
import { restoreCommits } from '../sql/restore-commits.ts';
import type { Schema } from '../sql/schema.ts';
import type { Connection } from './connection.ts';
import { foldLog, longLogBytes } from './fold-log.ts';
import { inTransaction } from './transaction.ts';
import { withPatience } from './with-patience.ts';

/** An open, checked and migrated database. */
export interface OpenDatabase {
  readonly file: string;
  readonly connection: Connection;
  readonly db: Kysely<Schema>;
  readonly patienceMs: number;
}

/** The store in one SQLite file. Several processes may use the file at once. */
export function sqliteStore(database: OpenDatabase): Store {
  const { file, connection, db, patienceMs } = database;
  const newest = connection.prepare('select revision from commits order by revision desc limit 1');
  let closing: Promise<void> | undefined;

  const reading = <T>(work: (db: Kysely<Schema>) => Promise<T>) =>
    withPatience(file, patienceMs, () => inTransaction(database, 'read', work));
  /** Waits for the connection, because amid a transaction it would show what is not committed yet. */
  const alone = <T>(work: () => T) => withPatience(file, patienceMs, () => db.connection().execute(async () => work()));

  const writing = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    const result = await withPatience(file, patienceMs, () => inTransaction(database, 'write', work));
    foldLog(file, connection, longLogBytes);
    return result;
  };

  return {
    revision: () =>
      alone(() => {
        const [row] = newest.all([]) as { readonly revision: number }[];
        return row?.revision ?? 0;
      }),

    load: async () => ({ ...(await reading((db) => readSince(db, 0))), deleted: [] }),

    changesSince: (revision) => reading((db) => readSince(db, revision)),

    get: (kind, name) => reading((db) => readObject(db, kind, name)),

    history: (kind, name) => reading((db) => readHistory(db, kind, name)),

    async commit(edits, note) {
      const prepared = prepareEdits(edits);
      return (await writing((db) => commitEdits(db, prepared, note))).revision;
    },

    dump: () => dumpCommits(reading),

    restore: (commits) => writing((db) => restoreCommits(db, commits)),

    close() {
      closing ??= alone(() => foldLog(file, connection, 0)).then(() => db.destroy());
      return closing;
    },
  };
}
