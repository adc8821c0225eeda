/** A contingency table: how often each row met each column. */
export type Table = readonly (readonly number[])[];

export function contingencyTable(rows: readonly number[], columns: readonly number[], size: number): Table {
  const table = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [at, row] of rows.entries()) {
    const counts = table[row];
    const column = columns[at];
    if (counts === undefined || column === undefined) throw new RangeError(`no cell at ${row}, ${column}`);
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return table;
}

/** Pearson's chi squared for the independence of rows and columns: (rows − 1) × (columns − 1) degrees of freedom. */
export function chiSquaredOfIndependence(table: Table): number {
  const rowSums = table.map(sum);
  const columnSums = (table[0] ?? []).map((_, column) => sum(table.map((row) => row[column] ?? 0)));
  const total = sum(rowSums);
  return sum(
    table.map((row, rowAt) =>
      sum(
        row.map((count, columnAt) => {
          const expected = ((rowSums[rowAt] ?? 0) * (columnSums[columnAt] ?? 0)) / total;
          return (count - expected) ** 2 / expected;
        }),
      ),
    ),
  );
}

/** Pearson's chi squared against equal counts: one degree of freedom less than there are counts. */
export function chiSquaredOfUniformity(counts: readonly number[]): number {
  const expected = sum(counts) / counts.length;
  return sum(counts.map((count) => (count - expected) ** 2 / expected));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
