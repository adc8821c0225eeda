import type { Kysely } from 'kysely';
import type { StoredItem } from '../../stored-item.ts';
import { dumpItems } from './dump-items.ts';
import type { Schema } from './schema.ts';

/**
 * Reads all that a store holds through one transaction, which lasts as long as the reader takes. `lend` opens it, lets
 * `hold` have it until that is done, and ends it; `told` makes of what the driver throws what callers are told.
 */
export async function* dumpThrough(
  lend: (hold: (db: Kysely<Schema>) => Promise<void>) => Promise<void>,
  told: (error: unknown) => unknown,
): AsyncGenerator<StoredItem> {
  let release = (): void => {};
  const done = new Promise<void>((resolve) => {
    release = resolve;
  });
  let lending: Promise<void> | undefined;
  const lent = new Promise<Kysely<Schema>>((resolve, reject) => {
    lending = lend((db) => {
      resolve(db);
      return done;
    });
    lending.catch(reject);
  });
  try {
    yield* dumpItems(await lent);
  } catch (error) {
    throw told(error);
  } finally {
    release();
    // Nothing was written, and all was read that was wanted.
    await lending?.catch(() => {});
  }
}
