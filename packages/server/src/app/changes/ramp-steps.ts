import type { Condition } from 'sluice';
import type { ChangeEdit } from '../../change.ts';
import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';
import type { ProposedStep } from './propose-chain.ts';

/** A rollout in short: the shares of one rule, one after the other. */
export interface RampWish {
  /** The name of the rule. */
  readonly rule: string;
  readonly steps: readonly RampStep[];
  /** What ends it. */
  readonly back?: { readonly percent: number; readonly when: Condition } | undefined;
}

export interface RampStep {
  readonly percent: number;
  /** How long the step before must have been enacted. */
  readonly hold?: string | undefined;
  /** What it waits for besides. */
  readonly if?: Condition | undefined;
}

/**
 * The steps of a chain that a rollout comes to, against the rule as it is now.
 * @throws Problem `object-not-found`
 */
export function rampSteps(
  { current }: Pick<Desk, 'current'>,
  { rule, steps, back }: RampWish,
): readonly ProposedStep[] {
  const object = current.get('rule', rule);
  if (object === undefined) throw new Problem('object-not-found', `there is no rule ${rule}`);
  const { share } = object.body as { readonly share?: object };
  // A ramp of before is taken away whole.
  const nothing = Object.fromEntries(Object.keys(share ?? {}).map((key) => [key, null]));
  const to = (percent: number): readonly ChangeEdit[] => {
    const patch = { share: { ...nothing, kind: 'percent', percent } };
    return [{ kind: 'rule', name: rule, expectedVersion: object.version, op: 'patch', patch }];
  };
  return [
    ...steps.map(({ percent, hold, if: condition }) => ({ edits: to(percent), hold, condition })),
    ...(back === undefined ? [] : [{ edits: to(back.percent), condition: back.when }]),
  ];
}
