import type { SignalCondition } from 'sluice';
import { canonicalJson } from '../../canonical-json.ts';
import { durationMs } from '../../kinds/duration.ts';
import { type OwnSignalName, ownSignalNames } from '../../signal.ts';

/** What a query says that leaves it out. A window has no such word: each signal has its own. */
const unlessSaid = {
  uptake: { as: 'count', from: 'checks' },
  offers: {},
  checks: {},
  events: {},
  crashes: {},
} as const;

type Asked = Pick<SignalCondition, 'name' | OwnSignalName>;

const known = new WeakMap<Asked, string>();

/**
 * What readings of a signal are kept under: `signal/NAME` for one that is read outside, `uptake {"as":"count",…}` for one of
 * our own. Whoever asks the same gets the same key, however it is written.
 */
export function signalKey(condition: Asked): string {
  const key = known.get(condition) ?? keyOf(condition);
  known.set(condition, key);
  return key;
}

function keyOf(condition: Asked): string {
  for (const name of ownSignalNames) {
    const query = condition[name];
    if (query === undefined) continue;
    const ms = query.window === undefined ? undefined : durationMs(query.window);
    const window = ms === undefined ? {} : { window: `PT${ms / 1000}S` };
    return `${name} ${canonicalJson({ ...unlessSaid[name], ...query, ...window })}`;
  }
  return `signal/${condition.name}`;
}
