import type { Count, MeterReading } from '../../metrics/meter-reading.ts';

/** What was counted between two readings of one meter. */
export function readingSince(before: MeterReading, now: MeterReading): MeterReading {
  if (before.length === 0) return now;
  const values = new Map(before.map((count) => [seriesOf(count), count.value]));
  return now.map((count) => ({ ...count, value: count.value - (values.get(seriesOf(count)) ?? 0) }));
}

function seriesOf({ name, labels }: Count): string {
  return [name, ...labels].join('\0');
}
