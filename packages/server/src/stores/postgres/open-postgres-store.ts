import { Kysely, PostgresDialect } from 'kysely';
import type { Store } from '../../store.ts';
import type { Schema } from '../sql/schema.ts';
import { placeIn } from './address.ts';
import { clientSettings } from './client-settings.ts';
import { lendingPool } from './lending-pool.ts';
import { migrate } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';
import { mostConnections, postgresStore } from './postgres-store.ts';
import { withPatience } from './with-patience.ts';

export interface PostgresOptions extends Partial<Pick<OpenDatabase, 'patienceMs' | 'silenceMs' | 'draw'>> {
  /** Whether a database without our tables is refused instead of given them. */
  readonly mustExist?: boolean;
}

/**
 * Opens the database that `address` names, which must exist, and makes our tables where there are none.
 * @throws Problem `store-unavailable`, `store-busy`, `store-corrupt`, none of which tells the password.
 */
export async function openPostgresStore(
  address: string,
  { patienceMs = 5000, silenceMs = 10_000, draw = Math.random, mustExist = false }: PostgresOptions = {},
): Promise<Store> {
  const place = placeIn(address);
  const settings = clientSettings(address, { patienceMs, silenceMs });
  const pool = lendingPool(settings, mostConnections, silenceMs / 2);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const database: OpenDatabase = { place, settings, db, patienceMs, silenceMs, draw };
  try {
    await withPatience(database, () => migrate(place, db, mustExist));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return postgresStore(database);
}
