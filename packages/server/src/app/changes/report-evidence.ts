import type { AuditEntry } from '../../audit.ts';
import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';
import { isOpen } from './transitions.ts';

/** What somebody has read of a signal, as it is written down. */
export interface SignalReading {
  readonly signal: string;
  readonly value: number;
  /** When it was so: RFC 3339. */
  readonly asOf: string;
  readonly note?: string | undefined;
}

/** The action under which evidence stands in the audit log. */
export const evidenceAction = 'change.evidence';

/** How far clocks may be apart. */
const aheadMs = 5 * 60_000;

/**
 * Writes down what bears on whether a change is to be enacted. The change stays as it is.
 * @throws Problem `change-not-open`; `usage` for a reading of the future
 */
export async function reportEvidence(
  { tx, caller, nowMs }: Desk,
  change: Change,
  readings: readonly SignalReading[],
): Promise<AuditEntry> {
  if (!isOpen(change.state)) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and takes no evidence`);
  }
  const ahead = readings.find(({ asOf }) => Date.parse(asOf) > nowMs + aheadMs);
  if (ahead !== undefined) throw new Problem('usage', `the reading of ${ahead.signal} is of the future: ${ahead.asOf}`);
  return tx.append({
    atMs: nowMs,
    actor: principalText(caller.principal),
    action: evidenceAction,
    change: change.id,
    detail: { readings },
  });
}

/** The readings in an entry that `reportEvidence` wrote. */
export function readingsIn({ detail }: AuditEntry): readonly SignalReading[] {
  return (detail as { readonly readings: readonly SignalReading[] }).readings;
}
