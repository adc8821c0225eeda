import type { PopulationBody } from '../../kinds/population.ts';
import type { Counted } from '../../signal.ts';
import type { Moment } from '../changes/desk.ts';
import { toldThrough } from './told-through.ts';

/** Our own counters, as a transaction sees them. */
export async function countedOf({ tx, nowMs }: Pick<Moment, 'tx' | 'nowMs'>): Promise<Counted> {
  const told = toldThrough(await tx.countSources(), nowMs);
  const { throughMs } = told;
  const sums = new Map<string, Promise<number>>();
  const populations = new Map<string, ReturnType<Counted['population']>>();
  return {
    ...told,
    sum(query) {
      if (throughMs === undefined) return Promise.resolve(0);
      const asked = { ...query, toMs: Math.min(query.toMs, throughMs) };
      // Signals of one product ask for the same sums.
      const key = JSON.stringify(Object.entries(asked).sort());
      const known = sums.get(key) ?? tx.countSum(asked);
      sums.set(key, known);
      return known;
    },
    population(product) {
      const known = populations.get(product) ?? populationOf(tx, product);
      populations.set(product, known);
      return known;
    },
  };
}

/** A comment does not begin a new time. */
async function populationOf(tx: Moment['tx'], product: string): ReturnType<Counted['population']> {
  const [newest, ...older] = await tx.history('population', product);
  if (newest?.body === undefined) return undefined;
  let { atMs: sinceMs } = newest;
  for (const { body, atMs } of older) {
    if (intervalOf(body) !== intervalOf(newest.body)) break;
    sinceMs = atMs;
  }
  return { body: newest.body as PopulationBody, sinceMs };
}

function intervalOf(body: unknown): unknown {
  return (body as PopulationBody | undefined)?.checkInterval;
}
