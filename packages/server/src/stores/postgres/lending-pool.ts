import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientConfig, DatabaseError, Pool } from 'pg';
import { QuietClient } from './client-settings.ts';
import { orLost } from './connection-lost.ts';
import { isLost } from './driver-problem.ts';

/** The driver's pool as Kysely uses it, which never lends a connection again after something went wrong on it. */
export function lendingPool(settings: ClientConfig, most: number, idleMs: number): PostgresPool {
  const pool = new Pool({ ...settings, Client: QuietClient, max: most, idleTimeoutMillis: idleMs });
  // An idle connection broke. The pool has dropped it, and the next use makes another.
  pool.on('error', () => {});
  return {
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw orLost(error);
      });
      let sound = true;
      const query = async (text: string, values: unknown[]): Promise<unknown> => {
        try {
          return await client.query(text, values);
        } catch (error) {
          sound &&= error instanceof DatabaseError && !isLost(error);
          throw orLost(error);
        }
      };
      return { query, release: () => client.release(!sound) } as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
