import type { ChangeState } from '../../change.ts';
import type { Chain } from './find-chain.ts';
import { isOpen } from './transitions.ts';

/** What a chain is as a whole: pending while a step is still to come, enacted where all were, and else what ended it. */
export function chainState({ steps }: Pick<Chain, 'steps'>): Exclude<ChangeState, 'draft'> {
  const is = (state: ChangeState) => steps.some((step) => step.state === state);
  if (steps.some(({ state }) => isOpen(state))) return 'pending';
  return is('vetoed') ? 'vetoed' : is('failed') ? 'failed' : 'enacted';
}
