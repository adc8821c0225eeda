import type { Change } from '../../change.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { isImmediate } from '../conditions/is-immediate.ts';
import { riskOf } from '../notices/risk-of.ts';
import type { Desk } from './desk.ts';
import { type Freeze, freezesOn } from './freezes-on.ts';

/**
 * Holds what waited for a condition, where a program asks for it inside a freeze, unless it lowers a risk. A person may
 * know better, and is told of the freeze.
 * @throws Problem `frozen` saying until when, and why
 */
export function refuseFrozen(desk: Desk, change: Change, objects: readonly ObjectEdit[]): readonly Mistake[] {
  if (isImmediate(change.condition)) return [];
  const freezes = freezesOn(desk, change.reaches);
  if (freezes.length === 0) return [];
  if (desk.caller.principal.kind !== 'service-account') {
    return freezes.map((freeze) => ({
      at: `freeze ${freeze.name}`,
      message: `enacted inside a freeze ${text(freeze)}`,
    }));
  }
  if (riskOf(objects) === 'lowers') return [];
  const holding = freezes.map((freeze) => `freeze ${freeze.name} ${text(freeze)}`).join(', ');
  throw new Problem('frozen', `change ${change.id} is held by ${holding}`);
}

function text({ untilMs, reason }: Freeze): string {
  return `until ${new Date(untilMs).toISOString()} (${reason})`;
}
