import type { CheckPlan } from './check-plan.ts';
import type { Window } from './over-window.ts';

/**
 * Why not all checks of a window may have reached us; `undefined` where they have. Answers about a product are kept from
 * caches since it has a population.
 */
export function whyHidden(product: string, plan: CheckPlan | undefined, { fromMs }: Window): string | undefined {
  if (plan === undefined) {
    return `there is no population ${product}: caches may answer for us, and nobody knows how often its installs check`;
  }
  if (plan.sinceMs <= fromMs) return undefined;
  const since = new Date(plan.sinceMs).toISOString();
  return `the population ${product} is as it is since ${since}, less than the window: caches may have hidden checks`;
}
