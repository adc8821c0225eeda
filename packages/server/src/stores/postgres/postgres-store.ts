import type { Kysely } from 'kysely';
import type { Store } from '../../store.ts';
import { commitEdits } from '../sql/commit-edits.ts';
import { dumpThrough } from '../sql/dump-through.ts';
import { outsideTransactions } from '../sql/outside-transactions.ts';
import { prepareEdits } from '../sql/prepared-edit.ts';
import {
  readAll,
  readBody,
  readChanges,
  readHistory,
  readNewest,
  readObject,
  readRevision,
} from '../sql/read-content.ts';
import { restoreItems } from '../sql/restore-items.ts';
import type { Schema } from '../sql/schema.ts';
import { inSqlTransaction, type Written } from '../sql/sql-transaction.ts';
import { inSqlView } from '../sql/sql-view.ts';
import { turns } from '../sql/turns.ts';
import { driverProblem } from './driver-problem.ts';
import type { OpenDatabase } from './open-database.ts';
import { inTransaction } from './transaction.ts';
import { type Watch, watchCommits } from './watch-commits.ts';
import { withPatience } from './with-patience.ts';
import { writeOnce } from './write-once.ts';

const readers = 3;
/** One writer is enough for a node, for of all nodes only one writes at a time. It never waits behind readers, nor they behind it. */
export const mostConnections = readers + 1;

/** The store in a PostgreSQL database that many nodes share. */
export function postgresStore(database: OpenDatabase): Store {
  const { db } = database;
  const readInTurn = turns(readers);
  const writeInTurn = turns(1);
  const outside = outsideTransactions();
  const watches = new Set<Watch>();
  let closing: Promise<void> | undefined;

  /** One statement sees one revision by itself. */
  const asking = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    outside.check();
    return withPatience(database, () => readInTurn(() => work(db)));
  };
  const reading = async <T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    outside.check();
    const enter = (db: Kysely<Schema>) => outside.enter(() => work(db));
    return withPatience(database, () => readInTurn(() => inTransaction(db, 'read', enter)));
  };
  const writing = async <T>(
    work: (db: Kysely<Schema>) => Promise<Written<T>>,
    { urgent, repeatable = true }: { readonly urgent?: boolean | undefined; readonly repeatable?: boolean } = {},
  ): Promise<T> => {
    outside.check();
    const enter = (db: Kysely<Schema>) => outside.enter(() => work(db));
    return writeOnce(database, enter, { inTurn: (turn) => writeInTurn(turn, { urgent }), repeatable });
  };

  return {
    read: (work) => reading((db) => inSqlView(db, work)),

    write: (work, { urgent } = {}) => writing((db) => inSqlTransaction(db, work), { urgent }),

    revision: () => asking(readRevision),

    newest: () => asking(readNewest),

    load: (bodiless) => reading((db) => readAll(db, bodiless)),

    changesSince: (mark, bodiless) => reading((db) => readChanges(db, mark, bodiless)),

    bodyOf: (kind, name, version) => asking((db) => readBody(db, kind, name, version)),

    get: (kind, name) => asking((db) => readObject(db, kind, name)),

    history: (kind, name) => asking((db) => readHistory(db, kind, name)),

    async commit(edits, note) {
      const prepared = prepareEdits(edits);
      return writing(async (db) => {
        const { revision, versions } = await commitEdits(db, prepared, note);
        const wrote = versions.length > 0;
        return { result: revision, wrote, tells: wrote };
      });
    },

    dump: () => dumpThrough(reading, (error) => driverProblem(database.place, error)),

    restore(items) {
      const work = async (db: Kysely<Schema>) => {
        const revision = await restoreItems(db, items);
        return { result: revision, wrote: true, tells: true };
      };
      return writing(work, { repeatable: false });
    },

    watch(onHint) {
      const watch = watchCommits(database, onHint);
      watches.add(watch);
      return () => {
        void watch.stop().then(() => watches.delete(watch));
      };
    },

    close() {
      closing ??= Promise.all([...watches].map((watch) => watch.stop())).then(() => db.destroy());
      return closing;
    },
  };
}
