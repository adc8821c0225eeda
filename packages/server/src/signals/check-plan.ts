import { durationMs } from '../kinds/duration.ts';
import type { Counted } from '../signal.ts';

/** How the installs of a product check. */
export interface CheckPlan {
  /** How often each makes a check of its own accord. */
  readonly intervalMs: number;
  /** Since when that is configured, and answers about the product are kept from caches. */
  readonly sinceMs: number;
}

/** What the population of a product says; `undefined` where there is none. */
export async function checkPlanOf(counted: Counted, product: string): Promise<CheckPlan | undefined> {
  const population = await counted.population(product);
  const intervalMs = population === undefined ? undefined : durationMs(population.body.checkInterval);
  return population === undefined || !intervalMs ? undefined : { intervalMs, sinceMs: population.sinceMs };
}
