import type { Change } from '../../change.ts';
import type { Told } from './render-told.ts';

/** What a notice tells, as plain JSON for programs. */
export function dataOf(told: Told, origin: string): Readonly<Record<string, unknown>> {
  const { notice, change, differences, leaves, atMs, facts, overshoot } = told;
  const { id } = change;
  const steps = told.steps.map(({ step, change: of, state }) => ({ step, change: of, state }));
  return {
    event: notice.event,
    change: headOf(change),
    url: `${origin}/notice/change/${id}`,
    veto: `${origin}/api/v1/changes/${id}/veto`,
    ...(atMs !== undefined && { enactedAt: instant(atMs) }),
    differences,
    ...(overshoot !== undefined && { overshoot }),
    condition: leaves.map(({ says, truth, reading }) => ({
      says,
      truth,
      ...(reading !== undefined && { value: reading.value ?? null, asOf: instant(reading.asOfMs), note: reading.note }),
    })),
    ...(steps.length > 0 && { steps }),
    missing: (facts?.required ?? [])
      .filter(({ count, signedBy }) => signedBy.length < count)
      .map(({ role, count, signedBy }) => ({ role, count: count - signedBy.length })),
  };
}

function headOf({ id, version, state, reason, proposer, signOffs, createdAtMs, dueAtMs, chain, end }: Change): object {
  return {
    id,
    version,
    state,
    reason,
    proposer,
    createdAt: instant(createdAtMs),
    signOffs: signOffs.map(({ user, role, atMs }) => ({ user, role, at: instant(atMs) })),
    ...(dueAtMs !== undefined && { dueAt: instant(dueAtMs) }),
    ...(chain !== undefined && { chain }),
    ...(end !== undefined && { end: { by: end.by, at: instant(end.atMs), reason: end.reason } }),
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
