import type { Reading } from 'sluice';
import { briefText } from '../brief-text.ts';
import type { SignalBody } from '../kinds/signal.ts';
import { NotKnown } from '../not-known.ts';
import type { Outside, OutsideSignal } from '../signal.ts';
import { knownOrWhy } from './known-or-why.ts';
import { plausibleTime } from './plausible-time.ts';
import { aggregate } from './prometheus/aggregate.ts';
import { askQuery } from './prometheus/ask-query.ts';
import { type QueryResult, type Sample, samplesOf } from './prometheus/samples-of.ts';

type PrometheusBody = Extract<SignalBody, { readonly source: 'prometheus' }>;

/** 2001: what is less is the age of something, and no time. */
const leastWatermarkSeconds = 1e9;

/** The value of a PromQL query. Source: Prometheus 2 and 3, "HTTP API". */
export const prometheus: OutsideSignal<'prometheus'> = {
  source: 'prometheus',
  summary: 'the value of a query to Prometheus, or to what speaks its API',
  read(body, outside, nowMs) {
    const from = `${briefText(body.query)} at ${new URL(body.url).host}`;
    return knownOrWhy(from, nowMs, () => readQuery(body, outside, nowMs));
  },
};

async function readQuery(body: PrometheusBody, outside: Outside, nowMs: number): Promise<Reading> {
  const { query, watermark, aggregator } = body;
  const [asked, mark] = await Promise.all([
    askQuery(query, body, outside, nowMs),
    watermark === undefined ? undefined : askQuery(watermark, body, outside, nowMs),
  ]);
  const samples = samplesOf(asked);
  const value = aggregate(samples, aggregator);
  const asOfMs = mark === undefined ? evaluatedMs(samples) : watermarkMs(mark);
  const count = samples.length === 1 ? '1 sample' : `${aggregator} of ${samples.length} samples`;
  const infos = asked.infos.length === 0 ? '' : `; it notes: ${asked.infos.join('; ')}`;
  return { asOfMs: plausibleTime(asOfMs, nowMs), value, note: `${count}${infos}` };
}

/** The time of an evaluation, which says nothing about when something was last measured. */
function evaluatedMs(samples: readonly Sample[]): number {
  return Math.min(...samples.map(({ atSeconds }) => atSeconds)) * 1000;
}

function watermarkMs(result: QueryResult): number {
  try {
    const seconds = aggregate(samplesOf(result), undefined);
    if (seconds >= leastWatermarkSeconds) return seconds * 1000;
    throw new NotKnown(`${seconds} is no time in seconds since 1970`);
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    throw new NotKnown(`watermark: ${error.message}`, { cause: error });
  }
}
