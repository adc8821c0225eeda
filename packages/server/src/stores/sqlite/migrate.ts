import { type Kysely, Migrator } from 'kysely';
import { Problem } from '../../problem.ts';
import type { Schema } from '../sql/schema.ts';
import type { Connection } from './connection.ts';
import { migrations } from './migrations/index.ts';

/**
 * Brings the tables of `file` up to date.
 * @throws Problem `store-unavailable` when a newer Sluice made them; the driver's errors.
 */
export async function migrate(file: string, connection: Connection, db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const known = await migrator.getMigrations();
  // Kysely neither locks nor opens a transaction on SQLite. Ours does both: the second of two processes that find
  // the same empty file waits, then sees the work done, and a kill in the middle leaves nothing half made.
  if (known.some(({ executedAt }) => executedAt === undefined)) connection.exec('begin immediate');
  const { error } = await migrator.migrateToLatest();
  if (connection.inTransaction) connection.exec(error === undefined ? 'commit' : 'rollback');
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    const detail = `${file} was written by a newer Sluice: run that one, or give this one another file.`;
    throw new Problem('store-unavailable', detail, [], { cause: error });
  }
  if (error !== undefined) throw error;
}
