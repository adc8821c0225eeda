import type { Count, CounterName, MeterReading } from '../../metrics/meter-reading.ts';

/** Counts by the name of their counter. */
export type CountsByName = ReadonlyMap<CounterName, readonly Count[]>;

export function byCounter(reading: MeterReading): CountsByName {
  const counts = new Map<CounterName, Count[]>();
  for (const count of reading) {
    const list = counts.get(count.name);
    if (list === undefined) counts.set(count.name, [count]);
    else list.push(count);
  }
  return counts;
}
