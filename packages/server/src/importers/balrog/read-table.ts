import type { z } from 'zod';
import { mistakesOf, placeOf } from '../../place.ts';
import type { Mistake } from '../../problem.ts';

/** A row and where it stands. */
export interface RowAt<Row> {
  readonly row: Row;
  readonly at: string;
}

/** The rows of a table that could be read, and what there is to say of the others. */
export interface Table<Row> {
  readonly rows: readonly RowAt<Row>[];
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads a table row by row, so that one bad row does not hide what is wrong with the others.
 * @param isKnown which keys somebody reads besides those of the schema
 */
export function readTable<Row extends z.ZodObject>(
  key: string,
  rows: readonly unknown[],
  schema: Row,
  isKnown: (key: string) => boolean = () => false,
): Table<z.output<Row>> {
  const read: RowAt<z.output<Row>>[] = [];
  const warnings: Mistake[] = [];
  const mistakes: Mistake[] = [];
  for (const [index, row] of rows.entries()) {
    const at = `${key}[${index}]`;
    const parsed = schema.safeParse(row);
    if (!parsed.success) {
      mistakes.push(...mistakesOf(parsed.error, { at }));
      continue;
    }
    warnings.push(...unknownKeys(parsed.data, at, schema.shape, isKnown));
    read.push({ row: parsed.data, at });
  }
  return { rows: read, warnings, mistakes };
}

/** Warns of what is in a row and that nobody reads. */
export function unknownKeys(
  row: object,
  at: string,
  known: object,
  isKnown: (key: string) => boolean = () => false,
): readonly Mistake[] {
  return Object.keys(row)
    .filter((key) => !Object.hasOwn(known, key) && !isKnown(key))
    .map((key) => ({ at: placeOf({ at }, [key]), message: 'nobody reads this key' }));
}
