import type { SignalBody } from '../../kinds/signal.ts';
import { NotKnown } from '../../not-known.ts';
import type { Sample } from './samples-of.ts';

type Aggregator = NonNullable<Extract<SignalBody, { readonly source: 'prometheus' }>['aggregator']>;

const aggregators: Readonly<Record<Aggregator, (values: readonly number[]) => number>> = {
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  sum,
  avg: (values) => sum(values) / values.length,
  count: (values) => values.length,
};

/** One value of samples, each of which must be a number; without an aggregator there must be one. @throws NotKnown. */
export function aggregate(samples: readonly Sample[], aggregator: Aggregator | undefined): number {
  const [first] = samples;
  if (first === undefined) throw new NotKnown('there is no data');
  if (aggregator === undefined && samples.length > 1)
    throw new NotKnown(`there are ${samples.length} samples and no aggregator that makes one value of them`);
  const values = samples.map(numberOf);
  const value = aggregators[aggregator ?? 'sum'](values);
  if (!Number.isFinite(value)) throw new NotKnown('its value is too great');
  return value;
}

/** Numbers as Go writes them. */
function numberOf({ written }: Sample): number {
  const value = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
  if (!Number.isFinite(value)) throw new NotKnown(`its value is ${written === '' ? 'an empty text' : written}`);
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
