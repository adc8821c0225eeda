/** Rows in one statement. SQLite takes 32 766 parameters, PostgreSQL 65 535, and a row here has seven at most. */
const batchSize = 500;

/** The items in portions that fit one statement. */
export function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize);
}
