import type { CountsByName } from './by-counter.ts';
import type { Sample } from './sample.ts';

/** Makes the cumulative buckets that Prometheus wants of those that were counted each by itself. */
export function histogramSamples(name: string, counts: CountsByName): readonly Sample[] {
  const ends = new Map([['+Inf', 0]]);
  for (const {
    labels: [end = '+Inf'],
    value,
  } of counts.get('durations') ?? [])
    ends.set(end, value);
  let soFar = 0;
  const samples: Sample[] = [...ends]
    .sort(([a], [b]) => secondsOf(a) - secondsOf(b))
    .map(([le, value]) => {
      soFar += value;
      return { sharedLabels: { le }, value: soFar, metricName: `${name}_bucket` };
    });
  const microseconds = counts.get('durationMicroseconds')?.[0]?.value ?? 0;
  return [
    ...samples,
    { sharedLabels: {}, value: microseconds / 1e6, metricName: `${name}_sum` },
    { sharedLabels: {}, value: soFar, metricName: `${name}_count` },
  ];
}

function secondsOf(end: string): number {
  return end === '+Inf' ? Number.POSITIVE_INFINITY : Number(end);
}
