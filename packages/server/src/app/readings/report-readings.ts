import type { Reading } from 'sluice';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { StoredReading } from '../../signal.ts';
import type { Desk } from '../changes/desk.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { keepReadings } from './keep-readings.ts';
import { placesOfSignal } from './signal-places.ts';

/** What somebody has read of the signal of this name. */
export interface ReportedReading extends Reading {
  readonly name: string;
  /** The version of the signal object by which it was read; the present one where it is absent. */
  readonly version?: number;
}

/** What became of a reading. */
export interface Reported {
  /** What readings of the signal are kept under. */
  readonly signal: string;
  readonly stored: boolean;
  /** Why it was not stored. */
  readonly detail?: string;
}

/** How far clocks may be apart. */
const aheadMs = 5 * 60_000;

/**
 * Writes down what was read outside. Each reading is looked at by itself: one that cannot be taken keeps out no other.
 * @throws Problem `not-allowed` where none of them may be reported
 */
export async function reportReadings(desk: Desk, readings: readonly ReportedReading[]): Promise<readonly Reported[]> {
  const by = principalText(desk.caller.principal);
  const looked = readings.map(({ name, version, ...reading }) => {
    const stored: StoredReading = { ...reading, signal: signalKey({ name }), atMs: desk.nowMs, by };
    return { stored, refusal: refusalOf(desk, name), trouble: troubleOf(desk, name, { version, ...reading }) };
  });
  const refusals = looked.map(({ refusal }) => refusal).filter((refusal) => refusal !== undefined);
  if (refusals.length === looked.length) throw new Problem('not-allowed', refusals[0] ?? 'nothing was reported');
  const good = looked.filter(({ refusal, trouble }) => refusal === undefined && trouble === undefined);
  const kept = await keepReadings(
    desk.tx,
    good.map(({ stored }) => stored),
  );
  return looked.map(({ stored, refusal, trouble }) => {
    const { signal, asOfMs } = stored;
    if (kept.has(stored)) return { signal, stored: true };
    const old = `there is a reading of ${new Date(asOfMs).toISOString()} or later already`;
    return { signal, stored: false, detail: refusal ?? trouble ?? old };
  });
}

/** Of what somebody may neither see nor report, nobody says whether it is there. */
function refusalOf({ current, caller: { principal, scopes } }: Desk, name: string): string | undefined {
  const target = { kind: 'signal', reaches: placesOfSignal({ current }, name) } as const;
  const may = (action: 'read' | 'report'): boolean => current.access.may(principal, action, target, scopes);
  const isThere = current.get('signal', name) !== undefined;
  if (isThere && may('report')) return undefined;
  return isThere && may('read') ? `${principal.name} may not report signal ${name}` : `there is no signal ${name}`;
}

function troubleOf(
  { nowMs, current }: Desk,
  name: string,
  { asOfMs, version }: Reading & { readonly version: number | undefined },
): string | undefined {
  const present = current.get('signal', name)?.version;
  if (version !== undefined && version !== present) return `it was read by version ${version}; there is ${present} now`;
  return asOfMs > nowMs + aheadMs ? `it is of the future: ${new Date(asOfMs).toISOString()}` : undefined;
}
