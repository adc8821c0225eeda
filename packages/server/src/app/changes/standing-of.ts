import { everybody, servingAt } from 'sluice';
import type { RuleBody } from '../../kinds/rule.ts';
import { toShare } from '../../kinds/share.ts';
import type { ObjectName } from '../../store.ts';
import { settle } from '../access/object-edit.ts';
import { keyOf } from '../prepare-edits.ts';
import type { Moment } from './desk.ts';
import type { Chain } from './find-chain.ts';

/** How an object stays as long as nobody alters it. */
export interface Standing extends ObjectName {
  /** The share of a rule now. */
  readonly percent?: number;
  /** The same for people, in a sentence. */
  readonly says: string;
}

/** How everything that a chain alters stays if nothing more of it is enacted. */
export async function standingOf(moment: Moment, { steps }: Pick<Chain, 'steps'>): Promise<readonly Standing[]> {
  const objects = new Map(
    steps.flatMap(({ edits }) => edits).map(({ kind, name }) => [keyOf(kind, name), { kind, name }]),
  );
  return [...objects.values()].map((one) => standing(moment, one));
}

function standing({ current, nowMs }: Moment, { kind, name }: ObjectName): Standing {
  const object = current.get(kind, name);
  if (object === undefined) return { kind, name, says: `there is no ${kind} ${name}` };
  const rule = kind === 'rule' ? (settle(kind, object.body) as RuleBody | null | undefined) : undefined;
  if (rule === undefined || rule === null) {
    return { kind, name, says: `${kind} ${name} stays as it is at version ${object.version}` };
  }
  const { share } = rule;
  if (share.kind === 'percent') {
    return { kind, name, percent: share.percent, says: `rule ${name} stays at ${share.percent} %` };
  }
  const percent = Math.round((servingAt(toShare(share))(nowMs) / everybody) * 1e7) / 1e5;
  return {
    kind,
    name,
    percent,
    says: `rule ${name} stays on its ramp, which is at ${percent} % now and goes on by itself`,
  };
}
