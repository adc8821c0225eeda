import { isDeepStrictEqual } from 'node:util';
import { leavesOf, type UptakeQuery } from 'sluice';
import type { Change } from '../../change.ts';
import { durationMs } from '../../kinds/duration.ts';
import type { PopulationBody } from '../../kinds/population.ts';
import type { RuleBody } from '../../kinds/rule.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { riskOf } from '../notices/risk-of.ts';
import { readOwn } from '../readings/read-own.ts';
import type { Moment } from './desk.ts';

/** How many more will install what was offered before a change lowers a share, as uptake is seen late. */
export interface Overshoot {
  readonly installs: number;
  /** As a percentage of what the condition waits for; absent where that is not known. */
  readonly percent?: number;
  readonly offersPerHour: number;
  /** How much later than its offer an install is seen, on average. */
  readonly lagMs: number;
  /** A sentence for people. */
  readonly says: string;
}

const hourMs = 3_600_000;
const usualIntervalMs = 24 * hourMs;
/** How many of a hundred offers come to be installed, divided by a hundred: assumed, not measured. */
const conversion = 0.93;

/**
 * What a change overshoots by that lowers the share of a rule when uptake reaches a value; `undefined` for any other, and
 * where no offers are counted.
 *
 * What was offered and is not yet seen is, at a steady rate, the offers of one mean lag, and `conversion` of them are installed.
 * An install is seen with its next check, half an interval later on average, and the mean of a window follows half a window
 * later. How long people take to install is not known, and not in it.
 * Source: J. D. C. Little, A Proof for the Queuing Formula L = λW, Operations Research 9 (1961).
 */
export async function expectedOvershoot(
  moment: Moment,
  { condition }: Pick<Change, 'condition'>,
  objects: readonly ObjectEdit[],
): Promise<Overshoot | undefined> {
  const rules = objects.filter(lowersShare).map(({ name }) => Number(name));
  const leaf = leavesOf(condition).find(
    (one) => 'signal' in one && one.signal.uptake !== undefined && one.signal.op.startsWith('>'),
  );
  if (rules.length === 0 || leaf === undefined || !('signal' in leaf) || leaf.signal.uptake === undefined) return;
  const { value: target, uptake } = leaf.signal;
  const offersPerHour = await offersOf(moment, uptake.product, rules);
  if (offersPerHour === undefined) return undefined;
  const lagMs = lagOf(moment, uptake);
  const installs = Math.round((offersPerHour * lagMs * conversion) / hourMs);
  const wanted = uptake.as === 'percent' ? await countOf(moment, uptake, target) : target;
  const percent = wanted !== undefined && wanted > 0 ? Math.round((installs / wanted) * 100) : undefined;
  const share = percent === undefined ? '' : ` (+${percent} %)`;
  const says = `about ${installs} installs${share} more will come after it is enacted: ${offersPerHour} offers an hour, each seen ${told(lagMs)} later on average`;
  return { installs, ...(percent !== undefined && { percent }), offersPerHour, lagMs, says };
}

function lowersShare(object: ObjectEdit): boolean {
  const { kind, before, after } = object;
  if (kind !== 'rule' || before === undefined || after === undefined || riskOf([object]) === 'raises') return false;
  return !isDeepStrictEqual((before as RuleBody).share, (after as RuleBody).share);
}

/** Offers of the last hour by these rules. */
async function offersOf(moment: Moment, product: string, rules: readonly number[]): Promise<number | undefined> {
  let sum: number | undefined;
  for (const rule of rules) {
    const { value } = await readOwn(moment, { offers: { product, rule, window: 'PT1H' } });
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function lagOf({ current }: Moment, { product, window, from }: UptakeQuery): number {
  const population = from === 'telemetry' ? undefined : current.get('population', product);
  const interval = population === undefined ? undefined : (population.body as PopulationBody).checkInterval;
  const intervalMs = (interval === undefined ? undefined : durationMs(interval)) ?? usualIntervalMs;
  const windowMs = Math.max(intervalMs, (window === undefined ? undefined : durationMs(window)) ?? intervalMs);
  return (intervalMs + windowMs) / 2;
}

/** How many installs a percentage is, as far as both can be estimated. */
async function countOf(moment: Moment, uptake: UptakeQuery, percent: number): Promise<number | undefined> {
  const [now, of] = [await readOwn(moment, { uptake }), await readOwn(moment, { uptake: { ...uptake, as: 'count' } })];
  if (now.value === undefined || of.value === undefined || now.value === 0) return undefined;
  return (of.value / now.value) * percent;
}

function told(ms: number): string {
  const hours = ms / hourMs;
  return hours >= 1 ? `${Math.round(hours * 10) / 10} hours` : `${Math.round(ms / 1000)} seconds`;
}
