import type { Kysely } from 'kysely';
import type { Mark, Store } from '../../store.ts';
import { commitEdits } from '../sql/commit-edits.ts';
import { dumpCommits } from '../sql/dump-commits.ts';
import { prepareEdits } from '../sql/prepared-edit.ts';
import { markOf, readAll, readBody, readChanges, readHistory, readObject } from '../sql/read-content.ts';
import { restoreCommits } from '../sql/restore-commits.ts';
import type { Schema } from '../sql/schema.ts';
import type { Connection } from './connection.ts';
import { foldLog, longLogBytes } from './fold-log.ts';
import { inTransaction } from './transaction.ts';
import { watchLog } from './watch-log.ts';
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
  const newest = connection.prepare('select * from commits order by revision desc limit 1');
  const watches = new Set<() => void>();
  let closing: Promise<void> | undefined;

  const reading = <T>(work: (db: Kysely<Schema>) => Promise<T>) =>
    withPatience(file, patienceMs, () => inTransaction(database, 'read', work));
  /** Waits for the connection, because amid a transaction it would show what is not committed yet. */
  const alone = <T>(work: () => T) => withPatience(file, patienceMs, () => db.connection().execute(async () => work()));

  const askNewest = (): Promise<Mark> =>
    alone(() => {
      const [commit] = newest.all([]) as Schema['commits'][];
      return markOf(commit);
    });

  const writing = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    const result = await withPatience(file, patienceMs, () => inTransaction(database, 'write', work));
    foldLog(file, connection, longLogBytes);
    return result;
  };

  return {
    revision: async () => (await askNewest()).revision,

    newest: askNewest,

    load: (bodiless) => reading((db) => readAll(db, bodiless)),

    changesSince: (mark, bodiless) => reading((db) => readChanges(db, mark, bodiless)),

    bodyOf: (kind, name, version) => reading((db) => readBody(db, kind, name, version)),

    get: (kind, name) => reading((db) => readObject(db, kind, name)),

    history: (kind, name) => reading((db) => readHistory(db, kind, name)),

    async commit(edits, note) {
      const prepared = prepareEdits(edits);
      return (await writing((db) => commitEdits(db, prepared, note))).revision;
    },

    dump: () => dumpCommits(reading),

    restore: (commits) => writing((db) => restoreCommits(db, commits)),

    watch(onHint) {
      const stop = watchLog(file, onHint);
      watches.add(stop);
      return () => {
        stop();
        watches.delete(stop);
      };
    },

    close() {
      for (const stop of watches) stop();
      closing ??= alone(() => foldLog(file, connection, 0)).then(() => db.destroy());
      return closing;
    },
  };
}
