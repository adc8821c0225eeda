import type { Kysely } from 'kysely';
import type { Store } from '../../store.ts';
import { commitEdits } from './commit-edits.ts';
import type { Connection } from './connection.ts';
import { foldLog, longLogBytes } from './fold-log.ts';
import { prepareEdits } from './prepared-edit.ts';
import { readHistory, readObject, readSince } from './read-content.ts';
import type { Schema } from './schema.ts';
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
      const revision = await withPatience(file, patienceMs, () =>
        inTransaction(database, 'write', (db) => commitEdits(db, prepared, note)),
      );
      foldLog(file, connection, longLogBytes);
      return revision;
    },

    close() {
      closing ??= alone(() => foldLog(file, connection, 0)).then(() => db.destroy());
      return closing;
    },
  };
}
