import type { CounterName, MeterReading } from './meter-reading.ts';

/** The number that a reading has for a counter and its labels; `undefined` when it has none. */
export function countOf(reading: MeterReading, name: CounterName, ...labels: readonly string[]): number | undefined {
  const found = reading.filter((count) => count.name === name && count.labels.join('\0') === labels.join('\0'));
  if (found.length > 1) throw new Error(`${name} ${labels} is there ${found.length} times`);
  return found[0]?.value;
}
