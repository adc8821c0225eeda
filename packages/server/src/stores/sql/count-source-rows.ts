import { type Kysely, sql } from 'kysely';
import type { CountBatch, CountSource } from '../../count.ts';
import type { Schema } from './schema.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** How many of the sources that were seen last are never forgotten. */
const kept = 1000;

/** All sources, by name. */
export async function readCountSources(db: Kysely<Schema>): Promise<readonly CountSource[]> {
  return (await db.selectFrom('count_sources').selectAll().orderBy('source').execute()).map((row) => ({
    source: fromStoredText(row.source),
    sequence: row.sequence,
    throughMs: row.through_ms,
    seenAtMs: row.seen_at_ms,
    ended: row.ended === 1,
  }));
}

/**
 * Notes that a source has come as far as this batch. Answers `false`, and notes nothing, where it had come as far before.
 * All in one statement: of two batches of the same number only one can be the first.
 */
export async function advanceCountSource(db: Kysely<Schema>, batch: CountBatch, atMs: number): Promise<boolean> {
  const { source, sequence, throughMs, last } = batch;
  const row = sourceRow({ source, sequence, throughMs, seenAtMs: atMs, ended: last === true });
  const noted = await db
    .insertInto('count_sources')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('source')
        .doUpdateSet({
          sequence: row.sequence,
          through_ms: sql<number>`case when count_sources.through_ms > excluded.through_ms
            then count_sources.through_ms else excluded.through_ms end`,
          seen_at_ms: row.seen_at_ms,
          ended: sql<number>`case when count_sources.ended = 1 then 1 else excluded.ended end`,
        })
        .whereRef('count_sources.sequence', '<', 'excluded.sequence' as 'count_sources.sequence'),
    )
    .returning('source')
    .execute();
  return noted.length > 0;
}

/** Writes a source as it was, over the one of its name if there is one. */
export async function writeCountSource(db: Kysely<Schema>, source: CountSource): Promise<void> {
  const row = sourceRow(source);
  await db
    .insertInto('count_sources')
    .values(row)
    .onConflict((conflict) => conflict.column('source').doUpdateSet(row))
    .execute();
}

/** Forgets the sources that were last seen before a time and are not of the newest thousand. */
export async function forgetCountSources(db: Kysely<Schema>, atMs: number): Promise<void> {
  const newest = db
    .selectFrom('count_sources')
    .select('source')
    .orderBy('seen_at_ms', 'desc')
    .orderBy('source')
    .limit(kept);
  await db
    .deleteFrom('count_sources')
    .where('seen_at_ms', '<', Math.ceil(atMs))
    .where('source', 'not in', newest)
    .execute();
}

function sourceRow({ source, sequence, throughMs, seenAtMs, ended }: CountSource): Schema['count_sources'] {
  return {
    source: toStoredText(source),
    sequence,
    through_ms: Math.floor(throughMs),
    seen_at_ms: Math.floor(seenAtMs),
    ended: ended ? 1 : 0,
  };
}
