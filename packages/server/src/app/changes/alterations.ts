import { isDeepStrictEqual } from 'node:util';
import type { ChangeEdit } from '../../change.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { StoreEdit } from '../../store.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Edit, PreparedEdits } from '../prepare-edits.ts';
import type { Desk } from './desk.ts';
import { diffPatch } from './merge-patch.ts';
import type { WorkedOut } from './work-out.ts';

/** What prepared edits alter, as the edits of a change and as what these come to. */
export interface Alterations {
  readonly edits: readonly ChangeEdit[];
  readonly worked: WorkedOut;
}

/** How long a patch may be, in characters of JSON: a change keeps it, while what is put is kept by its version alone. */
const longestPatch = 10_000;

/**
 * Leaves out what is as it was, and makes of the rest the smallest edits.
 * @param written what was prepared, as people wrote it, in the same order
 * @throws Problem `version-conflict` and `object-not-found`, with every edit that is late or deletes nothing, at its place.
 */
export async function alterations(
  { tx, current }: Pick<Desk, 'tx' | 'current'>,
  prepared: PreparedEdits,
  written: readonly Edit[],
): Promise<Alterations> {
  refuseImpossible({ current }, prepared.edits, written);
  const edits: ChangeEdit[] = [];
  const made: StoreEdit[] = [];
  const objects: ObjectEdit[] = [];
  for (const [i, edit] of prepared.edits.entries()) {
    const { kind, name, body: after } = edit;
    const object = current.get(kind, name);
    // The bodies of releases are left out of what is configured.
    const before =
      kind === 'release' && object !== undefined ? await tx.bodyOf(kind, name, object.version) : object?.body;
    if (isDeepStrictEqual(before, after)) continue;
    edits.push({ kind, name, expectedVersion: object?.version ?? 0, ...partOf(before, after, written[i]?.body) });
    made.push(edit);
    objects.push({ kind, name, before, after });
  }
  return { edits, worked: { edits: made, warnings: prepared.warnings, objects } };
}

function partOf(before: unknown, after: unknown, written: unknown) {
  if (after === undefined) return { op: 'delete' } as const;
  const patch = before === undefined ? undefined : diffPatch(before, after);
  if (patch !== undefined && JSON.stringify(patch).length <= longestPatch) return { op: 'patch', patch } as const;
  return { op: 'put', body: saltAsWritten(after, written) } as const;
}

/** A salt that was made for a new object is left out, so that the same object is the same edit. */
function saltAsWritten(body: unknown, written: unknown): unknown {
  if (!isRecord(body) || !('salt' in body) || (isRecord(written) && 'salt' in written)) return body;
  const { salt: _, ...rest } = body;
  return rest;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseImpossible(
  { current }: Pick<Desk, 'current'>,
  edits: readonly StoreEdit[],
  written: readonly Edit[],
): void {
  const late: Mistake[] = [];
  const missing: Mistake[] = [];
  for (const [i, { kind, name, body, expectedVersion }] of edits.entries()) {
    const at = written[i]?.at ?? `${kind} ${name}`;
    const title = `${kind} ${JSON.stringify(name)}`;
    const version = current.get(kind, name)?.version ?? 0;
    if (expectedVersion !== undefined && expectedVersion !== version) {
      const made = expectedVersion === 0 ? 'to create it' : `against version ${expectedVersion}`;
      const is = version === 0 ? 'does not exist' : `is at version ${version}`;
      late.push({ at, message: `${title} ${is}; the edit was made ${made}.` });
    }
    if (body === undefined && version === 0) {
      missing.push({ at, message: `${title} does not exist and cannot be deleted.` });
    }
  }
  refuse('version-conflict', late, edits.length);
  refuse('object-not-found', missing, edits.length);
}

function refuse(code: 'version-conflict' | 'object-not-found', mistakes: readonly Mistake[], total: number): void {
  const [first, second] = mistakes;
  if (first === undefined) return;
  const several = `${mistakes.length} of ${total} edits are refused, so none was enacted.`;
  throw new Problem(code, second === undefined ? first.message : several, mistakes);
}
