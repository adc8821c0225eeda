import type { Change } from '../../change.ts';
import type { Moment } from '../changes/desk.ts';
import { differencesOf } from './diff-lines.ts';
import { alteredObjects } from './diff-objects.ts';
import { whatText } from './render-what.ts';

/** One step of a chain, as people are told of it. */
export interface ToldStep {
  readonly step: number;
  readonly change: number;
  readonly what: string;
  readonly state: Change['state'];
}

const mostSteps = 20;

/** The steps of the chain of a change, the first ones where there are many; none for a change by itself. */
export async function stepsOf(moment: Moment, { chain }: Change): Promise<readonly ToldStep[]> {
  if (chain === undefined) return [];
  const steps: ToldStep[] = [];
  // The steps of a chain are proposed in one transaction, so their ids follow one another.
  for (let step = 1; step <= Math.min(chain.of, mostSteps); step += 1) {
    const change = await moment.tx.change(chain.id + step - 1);
    if (change?.chain?.id !== chain.id) continue;
    const what = whatText(change, differencesOf(await alteredObjects(moment, change)));
    steps.push({ step, change: change.id, what, state: change.state });
  }
  return steps;
}
