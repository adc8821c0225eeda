import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import { Problem } from '../../problem.ts';
import type { Store } from '../../store.ts';
import { Damage } from '../sql/damage.ts';
import type { Schema } from '../sql/schema.ts';
import { type Connection, configure, connect } from './connection.ts';
import { migrate } from './migrate.ts';
import { makePrivateFile } from './private-file.ts';
import { sqliteStore } from './sqlite-store.ts';
import { withPatience } from './with-patience.ts';

export interface SqliteOptions {
  /** How long to wait for another process that holds the lock. */
  readonly patienceMs?: number;
  /** Whether a file that is not there is refused instead of made. */
  readonly mustExist?: boolean;
}

/**
 * Opens the database in the file `path`; makes it, for its owner's eyes only, where there is none.
 * @throws Problem `store-corrupt`, `store-busy`, `store-unavailable`.
 */
export async function openSqliteStore(
  path: string,
  { patienceMs = 5000, mustExist = false }: SqliteOptions = {},
): Promise<Store> {
  // An absolute path, because libsql takes some others for an address or for memory.
  const file = resolve(path);
  if (mustExist && !existsSync(file)) throw new Problem('store-unavailable', `There is no database at ${file}.`);
  return withPatience(file, patienceMs, async () => {
    makePrivateFile(file);
    const connection = connect(file);
    try {
      configure(connection);
      check(connection);
      const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) });
      await migrate(file, connection, db);
      return sqliteStore({ file, connection, db, patienceMs });
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

/** Reads every page once, so that damage is refused here rather than met in the middle of something. */
function check(connection: Connection): void {
  const [row] = connection.prepare('pragma quick_check(1)').all([]) as { readonly quick_check: string }[];
  if (row?.quick_check === 'ok') return;
  // The finding follows a heading on a line of its own.
  const [finding = 'its check gave no answer'] = row?.quick_check.split('\n').reverse() ?? [];
  throw new Damage(finding);
}
