import type { Kysely } from 'kysely';
import type { Replay } from '../../replay.ts';
import type { Schema } from './schema.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** The answer that was given to a principal's request of this key. */
export async function readReplay(db: Kysely<Schema>, principal: string, key: string): Promise<Replay | undefined> {
  const row = await db
    .selectFrom('replays')
    .selectAll()
    .where('principal', '=', toStoredText(principal))
    .where('key', '=', toStoredText(key))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { request, at_ms: atMs, status, body } = row;
  return { principal, key, request, atMs, status, body: fromStoredText(body) };
}

/** Writes an answer, over the one of the same key if there is one. */
export async function writeReplay(db: Kysely<Schema>, { principal, key, ...replay }: Replay): Promise<void> {
  const { request, atMs: at_ms, status } = replay;
  const row = { request, at_ms, status, body: toStoredText(replay.body) };
  await db
    .insertInto('replays')
    .values({ principal: toStoredText(principal), key: toStoredText(key), ...row })
    .onConflict((conflict) => conflict.columns(['principal', 'key']).doUpdateSet(row))
    .execute();
}

/** Forgets what was answered before a time. */
export async function forgetReplays(db: Kysely<Schema>, atMs: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('replays')
    .where('at_ms', '<', Math.floor(atMs))
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
