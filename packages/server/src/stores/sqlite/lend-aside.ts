import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from '../sql/schema.ts';
import { connect } from './connection.ts';
import { inTransaction } from './transaction.ts';
import { withPatience } from './with-patience.ts';

/** Lends a read transaction on a connection of its own, so that nobody else waits however long it lasts. */
export async function lendAside(
  { file, patienceMs }: { readonly file: string; readonly patienceMs: number },
  hold: (db: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  const connection = connect(file);
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) });
  try {
    await withPatience(file, patienceMs, () => inTransaction({ connection, db }, 'read', hold));
  } finally {
    await db.destroy();
    // A connection that was never asked anything is not Kysely's to close.
    connection.close();
  }
}
