import type { Kysely } from 'kysely';
import type { Store } from '../../store.ts';
import { commitEdits } from '../sql/commit-edits.ts';
import { dumpCommits } from '../sql/dump-commits.ts';
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
import { restoreCommits } from '../sql/restore-commits.ts';
import type { Schema } from '../sql/schema.ts';
import type { OpenDatabase } from './open-database.ts';
import { inTransaction } from './transaction.ts';
import { turns } from './turns.ts';
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
  const watches = new Set<Watch>();
  let closing: Promise<void> | undefined;

  /** One statement sees one revision by itself. */
  const asking = <T>(work: (db: Kysely<Schema>) => Promise<T>) =>
    withPatience(database, () => readInTurn(() => work(db)));
  const reading = <T>(work: (db: Kysely<Schema>) => Promise<T>) =>
    withPatience(database, () => readInTurn(() => inTransaction(db, 'read', work)));

  return {
    revision: () => asking(readRevision),

    newest: () => asking(readNewest),

    load: (bodiless) => reading((db) => readAll(db, bodiless)),

    changesSince: (mark, bodiless) => reading((db) => readChanges(db, mark, bodiless)),

    bodyOf: (kind, name, version) => asking((db) => readBody(db, kind, name, version)),

    get: (kind, name) => asking((db) => readObject(db, kind, name)),

    history: (kind, name) => asking((db) => readHistory(db, kind, name)),

    async commit(edits, note) {
      const prepared = prepareEdits(edits);
      const work = (db: Kysely<Schema>) => commitEdits(db, prepared, note);
      return writeOnce(database, work, { inTurn: writeInTurn, repeatable: true });
    },

    dump: () => dumpCommits(reading),

    restore(commits) {
      const work = async (db: Kysely<Schema>) => {
        const revision = await restoreCommits(db, commits);
        return { revision, wrote: revision > 0 };
      };
      return writeOnce(database, work, { inTurn: writeInTurn, repeatable: false });
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
