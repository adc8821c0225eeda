import { type Kysely, sql } from 'kysely';
import type { BinCount, CountQuery, CountSeries } from '../../count.ts';
import { batches } from './batches.ts';
import type { Schema } from './schema.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** A series in the form of the tables, without its number. */
type SeriesRow = Omit<Schema['count_series'], 'id'>;

/** Adds up what was counted, in bins that begin at `fromMs` or later and before `toMs`. */
export async function readCountSum(db: Kysely<Schema>, query: CountQuery): Promise<number> {
  const { events, product, channel, version, release, rule, offered, fromMs, toMs } = query;
  // SQL knows no empty list.
  if (events.length === 0) return 0;
  let rows = db
    .selectFrom('count_series')
    .innerJoin('counts', 'counts.series', 'count_series.id')
    // Whole numbers of this size are exact, and neither database says that a sum is too large.
    .select(sql<number | null>`sum(cast(counts.count as double precision))`.as('sum'))
    .where('product', '=', toStoredText(product))
    .where('event', 'in', events)
    .where('bin_ms', '>=', Math.ceil(fromMs))
    .where('bin_ms', '<', Math.ceil(toMs));
  if (channel !== undefined) rows = rows.where('channel', '=', toStoredText(channel));
  if (version !== undefined) rows = rows.where('version', '=', toStoredText(version));
  if (release !== undefined) rows = rows.where('release', '=', toStoredText(release));
  if (rule !== undefined) rows = rows.where('rule', '=', rule);
  if (offered === true) rows = rows.where('release', '<>', '');
  return (await rows.executeTakeFirst())?.sum ?? 0;
}

/** Where a page of counts ended: the number of its last series, and the last bin of that. */
export interface CountPlace {
  readonly series: number;
  readonly binMs: number;
}

/** Counts after a place, by series and bin. */
export async function readCountsAfter(
  db: Kysely<Schema>,
  { series, binMs }: CountPlace,
  limit: number,
): Promise<readonly (CountPlace & { readonly count: BinCount })[]> {
  const rows = await db
    .selectFrom('counts')
    .innerJoin('count_series', 'count_series.id', 'counts.series')
    .selectAll()
    .where(sql<boolean>`(series, bin_ms) > (${sql.lit(series)}, ${sql.lit(binMs)})`)
    .orderBy('series')
    .orderBy('bin_ms')
    .limit(limit)
    .execute();
  return rows.map(({ series, bin_ms: binMs, event, product, channel, version, release, rule, count }) => {
    const names = { product: fromStoredText(product), channel: fromStoredText(channel) };
    const offer = { version: fromStoredText(version), release: fromStoredText(release), rule };
    return { series, binMs, count: { event, ...names, ...offer, binMs, count } };
  });
}

/** Adds to the counts, inside a write transaction of the caller. */
export async function addCounts(db: Kysely<Schema>, counts: readonly BinCount[]): Promise<void> {
  const numbers = await numberSeries(db, counts);
  const rows = new Map<string, Schema['counts']>();
  for (const { binMs: bin_ms, count, ...one } of counts) {
    const series = numbers.get(keyOf(seriesRow(one)));
    if (series === undefined) throw new Error('a series of counts got no number');
    const key = `${series} ${bin_ms}`;
    // PostgreSQL alters no row twice in one statement.
    rows.set(key, { series, bin_ms, count: Math.min(most, (rows.get(key)?.count ?? 0) + count) });
  }
  for (const batch of batches([...rows.values()])) {
    await db
      .insertInto('counts')
      .values(batch)
      .onConflict((conflict) => conflict.columns(['series', 'bin_ms']).doUpdateSet({ count: sum }))
      .execute();
  }
}

/** Where a count stays: what cannot be told exactly any more is not to keep the rest of its batch from being merged. */
const most = Number.MAX_SAFE_INTEGER;
const sum = sql<number>`case when counts.count > ${sql.lit(most)} - excluded.count then ${sql.lit(most)}
  else counts.count + excluded.count end`;

/** Forgets the bins that begin before a time, and the series of which nothing is left. */
export async function forgetCounts(db: Kysely<Schema>, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('counts')
    // All of them, so that the primary key finds the old bins of each.
    .where('series', 'in', (eb) => eb.selectFrom('count_series').select('id'))
    .where('bin_ms', '<', Math.ceil(beforeMs))
    .execute();
  await db
    .deleteFrom('count_series')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('counts').select('series').whereRef('series', '=', 'count_series.id'))),
    )
    .execute();
}

/** The number of each series of these counts, by its key; those that have none yet get one. */
async function numberSeries(db: Kysely<Schema>, counts: readonly CountSeries[]): Promise<ReadonlyMap<string, number>> {
  const all = new Map(counts.map((count) => [keyOf(seriesRow(count)), seriesRow(count)]));
  const numbers = new Map<string, number>();
  await readNumbers(db, [...all.values()], numbers);
  const fresh = [...all].filter(([key]) => !numbers.has(key)).map(([, row]) => row);
  for (const batch of batches(fresh)) {
    await db
      .insertInto('count_series')
      .values(batch)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await readNumbers(db, fresh, numbers);
  return numbers;
}

async function readNumbers(db: Kysely<Schema>, rows: readonly SeriesRow[], into: Map<string, number>): Promise<void> {
  for (const batch of batches(rows)) {
    const wanted = sql.join(
      batch.map(({ product, event, channel, version, release, rule }) => {
        return sql`(${product}, ${event}, ${channel}, ${version}, ${release}, cast(${rule} as bigint))`;
      }),
    );
    const { rows } = await sql<SeriesRow & { readonly id: number }>`
      select * from count_series
      where (product, event, channel, version, release, rule) in (values ${wanted})`.execute(db);
    for (const row of rows) into.set(keyOf(row), row.id);
  }
}

function seriesRow({ product, event, channel, version, release, rule }: CountSeries): SeriesRow {
  return {
    product: toStoredText(product),
    event,
    channel: toStoredText(channel),
    version: toStoredText(version),
    release: toStoredText(release),
    rule,
  };
}

/** No stored text has a control character. */
function keyOf({ product, event, channel, version, release, rule }: SeriesRow): string {
  return [product, event, channel, version, release, rule].join('\n');
}
