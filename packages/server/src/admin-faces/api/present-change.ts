import type { z } from '@hono/zod-openapi';
import type { Reading } from 'sluice';
import type { Acted } from '../../app/changes/acted.ts';
import type { ChangeFacts } from '../../app/changes/facts-of.ts';
import type { Change, ChangeSummary } from '../../change.ts';
import type { Claim } from '../../claim.ts';
import type { JudgedLeaf } from '../../judgement.ts';
import type { attempts, changeBody, changeSummary } from './change-schemas.ts';
import { instantOf } from './schemas.ts';

/** A change as a list of the API holds it. */
export function presentSummary(change: ChangeSummary): z.output<typeof changeSummary> {
  const objects = change.objects.map(({ kind, name, op }) => ({ kind, name, op }));
  return { ...presentHead(change), objects };
}

/** A change as the API answers with it. */
export function presentChange(
  change: Change,
  facts: ChangeFacts | undefined,
  { problem, warnings = [] }: Partial<Acted> = {},
): z.output<typeof changeBody> {
  return {
    ...presentHead(change),
    edits: change.edits.map((edit) => ({ ...edit, ...('patch' in edit && { patch: { ...edit.patch } }) })),
    ...(facts !== undefined && { facts: presentFacts(facts) }),
    ...(problem !== undefined && { problem: { type: `/problems/${problem.code}`, detail: problem.detail } }),
    ...(warnings.length > 0 && { warnings: warnings.map(({ at, message }) => ({ at, detail: message })) }),
  };
}

function presentHead(change: Omit<Change, 'edits'>) {
  const { id, version, state, reason, proposer, priority, condition, signOffs, conflicts, end, reverts } = change;
  return {
    id,
    version,
    state,
    reason,
    proposer,
    priority,
    condition,
    signOffs: signOffs.map(({ user, role, atMs }) => ({ user, role, at: instantOf(atMs) })),
    conflicts: conflicts.map((conflict) => ({ ...conflict, paths: [...conflict.paths] })),
    createdAt: instantOf(change.createdAtMs),
    updatedAt: instantOf(change.updatedAtMs),
    ...(change.conditionSinceMs !== undefined && { conditionSince: instantOf(change.conditionSinceMs) }),
    ...(end !== undefined && { end: presentEnd(end) }),
    ...(reverts !== undefined && { reverts }),
    ...(change.acceptsDoubts && { acceptsDoubts: change.acceptsDoubts }),
    ...(change.chain !== undefined && { chain: change.chain }),
  };
}

/** What came of attempts to have a change enacted. */
export function presentAttempts({ failures, nextAtMs, trouble }: Claim): z.output<typeof attempts> {
  return {
    failures,
    nextAt: instantOf(nextAtMs),
    ...(trouble !== undefined && { problem: trouble.problem, detail: trouble.detail, at: instantOf(trouble.atMs) }),
  };
}

/** What became of a change, as the API answers with it. */
export function presentEnd({ by, atMs, reason, revision }: NonNullable<Change['end']>) {
  return { by, at: instantOf(atMs), reason, ...(revision !== undefined && { revision }) };
}

/** What a part of a condition came to, as the API answers with it. */
export function presentLeaf({ leaf, truth, says, signal, reading, holdsSinceMs, expectedAtMs }: JudgedLeaf) {
  return {
    leaf: { ...leaf },
    truth,
    says,
    ...(signal !== undefined && { signal }),
    ...(reading !== undefined && { reading: presentReading(reading) }),
    ...(holdsSinceMs !== undefined && { holdsSince: instantOf(holdsSinceMs) }),
    ...(expectedAtMs !== undefined && { expectedAt: instantOf(expectedAtMs) }),
  };
}

function presentReading({ value, asOfMs, note }: Reading) {
  return { ...(value !== undefined && { value }), asOf: instantOf(asOfMs), note };
}

function presentFacts({ required, isSigned, isPast, dueAtMs, truth, expectedAtMs, ...facts }: ChangeFacts) {
  const { leaves, freezes, attempts: claim, objects } = facts;
  return {
    required: required.map(({ policies, signedBy, ...one }) => ({
      ...one,
      policies: [...policies],
      signedBy: [...signedBy],
    })),
    isSigned,
    isPast,
    ...(dueAtMs !== undefined && { dueAt: instantOf(dueAtMs) }),
    truth,
    ...(expectedAtMs !== undefined && { expectedAt: instantOf(expectedAtMs) }),
    leaves: leaves.map(presentLeaf),
    ...(freezes.length > 0 && {
      freezes: freezes.map(({ untilMs, ...one }) => ({ ...one, until: instantOf(untilMs) })),
    }),
    ...(claim !== undefined && { attempts: presentAttempts(claim) }),
    objects: objects.map((one) => ({ ...one })),
  };
}
