import type { z } from '@hono/zod-openapi';
import type { Acted } from '../../app/changes/acted.ts';
import type { ChangeFacts } from '../../app/changes/facts-of.ts';
import type { Change, ChangeSummary } from '../../change.ts';
import type { changeBody, changeSummary } from './change-schemas.ts';
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
    ...(end !== undefined && { end: presentEnd(end) }),
    ...(reverts !== undefined && { reverts }),
    ...(change.acceptsDoubts && { acceptsDoubts: change.acceptsDoubts }),
  };
}

function presentEnd({ by, atMs, reason, revision }: NonNullable<Change['end']>) {
  return { by, at: instantOf(atMs), reason, ...(revision !== undefined && { revision }) };
}

function presentFacts({ required, isSigned, isPast, dueAtMs, truth, leaves, objects }: ChangeFacts) {
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
    leaves: leaves.map(({ leaf, truth }) => ({ leaf: { ...leaf }, truth })),
    objects: objects.map((one) => ({ ...one })),
  };
}
