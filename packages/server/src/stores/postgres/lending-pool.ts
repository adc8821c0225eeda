import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientConfig, Pool } from 'pg';
import { QuietClient } from './client-settings.ts';
import { orLost } from './connection-lost.ts';

/** The driver's pool as Kysely uses it, which says by a class when a connection was lost. */
export function lendingPool(settings: ClientConfig, most: number, idleMs: number): PostgresPool {
  const pool = new Pool({ ...settings, Client: QuietClient, max: most, idleTimeoutMillis: idleMs });
  // An idle connection broke. The pool has dropped it, and the next use makes another.
  pool.on('error', () => {});
  const orThrowLost = (error: unknown): never => {
    throw orLost(error);
  };
  return {
    async connect() {
      const client = await pool.connect().catch(orThrowLost);
      const query = (text: string, values: unknown[]): Promise<unknown> =>
        client.query(text, values).catch(orThrowLost);
      return { query, release: () => client.release() } as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
