import { type Kysely, sql } from 'kysely';
import type { ReadingQuery, StoredReading } from '../../signal.ts';
import { batches } from './batches.ts';
import { pageLimit } from './page-limit.ts';
import type { Schema } from './schema.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** One page of a signal's readings, the newest first. */
export async function readReadings(db: Kysely<Schema>, query: ReadingQuery): Promise<readonly StoredReading[]> {
  const { signal, fromMs, beforeMs, limit } = query;
  let rows = db
    .selectFrom('readings')
    .selectAll()
    .where('signal', '=', toStoredText(signal))
    .orderBy('as_of_ms', 'desc')
    .limit(pageLimit(limit));
  if (fromMs !== undefined) rows = rows.where('as_of_ms', '>=', Math.ceil(fromMs));
  if (beforeMs !== undefined) rows = rows.where('as_of_ms', '<', Math.ceil(beforeMs));
  return (await rows.execute()).map(reading);
}

/** The newest reading of each signal that has one, by signal. */
export async function readNewestReadings(
  db: Kysely<Schema>,
  signals: readonly string[],
): Promise<readonly StoredReading[]> {
  const found: StoredReading[] = [];
  for (const batch of batches([...new Set(signals.map(toStoredText))].sort())) {
    const wanted = sql.join(batch.map((signal) => sql`(${signal})`));
    // A look at the end of each signal's readings, however many it has.
    const { rows } = await sql<Schema['readings']>`
      with wanted (name) as (values ${wanted})
      select readings.* from wanted join readings on signal = name
        and as_of_ms = (select max(as_of_ms) from readings as newest where newest.signal = name)
      order by signal`.execute(db);
    found.push(...rows.map(reading));
  }
  return found;
}

/** Readings after one, by signal and time. */
export async function readReadingsAfter(
  db: Kysely<Schema>,
  after: Pick<StoredReading, 'signal' | 'asOfMs'> | undefined,
  limit: number,
): Promise<readonly StoredReading[]> {
  let rows = db.selectFrom('readings').selectAll();
  if (after !== undefined) {
    const place = sql`(${toStoredText(after.signal)}, ${sql.lit(after.asOfMs)})`;
    rows = rows.where(sql<boolean>`(signal, as_of_ms) > ${place}`);
  }
  return (await rows.orderBy('signal').orderBy('as_of_ms').limit(limit).execute()).map(reading);
}

/** Writes readings, each over the one of the same signal and time if there is one. */
export async function writeReadings(db: Kysely<Schema>, readings: readonly StoredReading[]): Promise<void> {
  // PostgreSQL alters no row twice in one statement.
  const rows = new Map(readings.map(readingRow).map((row) => [`${row.as_of_ms} ${row.signal}`, row]));
  for (const batch of batches([...rows.values()])) {
    await db
      .insertInto('readings')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['signal', 'as_of_ms']).doUpdateSet((eb) => ({
          at_ms: eb.ref('excluded.at_ms'),
          read_by: eb.ref('excluded.read_by'),
          value: eb.ref('excluded.value'),
          note: eb.ref('excluded.note'),
        })),
      )
      .execute();
  }
}

/** Forgets the readings of before a time. */
export async function forgetReadings(db: Kysely<Schema>, beforeMs: number): Promise<void> {
  await db.deleteFrom('readings').where('as_of_ms', '<', Math.ceil(beforeMs)).execute();
}

function readingRow({ signal, asOfMs, atMs, by, value, note }: StoredReading): Schema['readings'] {
  if (value !== undefined && !Number.isFinite(value)) throw new RangeError(`A reading cannot be ${value}.`);
  return {
    signal: toStoredText(signal),
    as_of_ms: Math.floor(asOfMs),
    at_ms: Math.floor(atMs),
    read_by: toStoredText(by),
    // SQLite keeps no sign of zero.
    value: value === undefined ? null : value + 0,
    note: toStoredText(note),
  };
}

function reading(row: Schema['readings']): StoredReading {
  const { as_of_ms: asOfMs, at_ms: atMs, value } = row;
  const owner = 'a reading';
  return {
    signal: fromStoredText(row.signal, owner),
    asOfMs,
    atMs,
    by: fromStoredText(row.read_by, owner),
    ...(value === null ? {} : { value }),
    note: fromStoredText(row.note, owner),
  };
}
