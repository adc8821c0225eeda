import type { Kysely } from 'kysely';
import type { Mark, Store } from '../../store.ts';
import { commitEdits } from '../sql/commit-edits.ts';
import { dumpThrough } from '../sql/dump-through.ts';
import { outsideTransactions } from '../sql/outside-transactions.ts';
import { prepareEdits } from '../sql/prepared-edit.ts';
import { markOf, readAll, readBody, readChanges, readHistory, readObject } from '../sql/read-content.ts';
import { restoreItems } from '../sql/restore-items.ts';
import type { Schema } from '../sql/schema.ts';
import { inSqlTransaction } from '../sql/sql-transaction.ts';
import { inSqlView } from '../sql/sql-view.ts';
import { turns } from '../sql/turns.ts';
import type { Connection } from './connection.ts';
import { driverProblem } from './driver-problem.ts';
import { foldLog, longLogBytes } from './fold-log.ts';
import { lendAside } from './lend-aside.ts';
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

/** How long an urgent write waits for another process, which may be importing a lot, in milliseconds. */
const urgentPatienceMs = 60_000;

/** The store in one SQLite file. Several processes may use the file at once. */
export function sqliteStore(database: OpenDatabase): Store {
  const { file, connection, db, patienceMs } = database;
  const newest = connection.prepare('select * from commits order by revision desc limit 1');
  const watches = new Set<() => void>();
  let closing: Promise<void> | undefined;

  /** All use one connection; waiting for it here lets urgent writes go first. */
  const inTurn = turns(1);
  const outside = outsideTransactions();

  const reading = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    outside.check();
    const enter = (db: Kysely<Schema>) => outside.enter(() => work(db));
    return withPatience(file, patienceMs, () => inTurn(() => inTransaction(database, 'read', enter)));
  };
  /** Waits for the connection, because amid a transaction it would show what is not committed yet. */
  const alone = async <T>(work: () => T): Promise<T> => {
    outside.check();
    return withPatience(file, patienceMs, () => inTurn(async () => work()));
  };

  const askNewest = (): Promise<Mark> =>
    alone(() => {
      const [commit] = newest.all([]) as Schema['commits'][];
      return markOf(commit);
    });

  const writing = async <T>(work: (db: Kysely<Schema>) => Promise<T>, urgent?: boolean): Promise<T> => {
    outside.check();
    const enter = (db: Kysely<Schema>) => outside.enter(() => work(db));
    const attempt = () => inTurn(() => inTransaction(database, 'write', enter), { urgent });
    const result = await withPatience(
      file,
      urgent === true ? Math.max(patienceMs, urgentPatienceMs) : patienceMs,
      attempt,
    );
    foldLog(file, connection, longLogBytes);
    return result;
  };

  return {
    read: (work) => reading((db) => inSqlView(db, work)),

    write: async (work, { urgent } = {}) => (await writing((db) => inSqlTransaction(db, work), urgent)).result,

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

    dump: () =>
      dumpThrough(
        (hold) => lendAside(database, hold),
        (error) => driverProblem(file, error),
      ),

    restore: (items) => writing((db) => restoreItems(db, items)),

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
