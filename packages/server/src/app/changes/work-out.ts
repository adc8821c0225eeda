import type { ChangeEdit } from '../../change.ts';
import { kindNamed } from '../../kinds/index.ts';
import { type Mistake, Problem, problemOf } from '../../problem.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { type Edit, type PreparedEdits, prepareEdits } from '../prepare-edits.ts';
import type { Desk, Moment } from './desk.ts';
import { applyPatch } from './merge-patch.ts';

/** What the edits of a change come to, against what is configured now. */
export interface WorkedOut extends PreparedEdits {
  /** For permissions and policies: each object before and after. */
  readonly objects: readonly ObjectEdit[];
}

/** Whether content of doubtful use is refused. */
export interface WorkingOut {
  readonly edits: readonly ChangeEdit[];
  readonly acceptsDoubts?: true | undefined;
}

/**
 * Applies edits to what there is, and checks what comes of it as everything is checked that is written.
 * @throws Problem `version-conflict` with every edit that was made against another version, `invalid-object` and what
 * else a review finds, `object-not-found`, `object-in-use`.
 */
export async function workOut(
  desk: Pick<Moment, 'tx' | 'current'> & Pick<Desk, 'makeSalt'>,
  change: WorkingOut,
): Promise<WorkedOut> {
  const { edits, acceptsDoubts } = change;
  refuseOutdated(desk, edits);
  const before = await bodiesBefore(desk, edits);
  const written = edits.map((edit, i): Edit => {
    const { kind, name, expectedVersion } = edit;
    const old = before[i];
    if (edit.op !== 'put' && old === undefined) throw new Problem('object-not-found', `there is no ${kind} ${name}`);
    return { kind, name, expectedVersion, body: bodyAfter(edit, old), at: `edits[${i}]` };
  });
  const needsReleases = edits.some(({ kind, op }) => kind === 'release' && op === 'delete');
  const objects = needsReleases ? await desk.current.withReleases(desk.tx) : desk.current.objects;
  const prepared = prepareEdits([...objects.values()], written, {
    makeSalt: desk.makeSalt,
    doubts: acceptsDoubts === true ? 'accept' : 'refuse',
    code: 'invalid-object',
  });
  refuseFirm(prepared);
  const after = new Map(prepared.edits.map(({ kind, name, body }) => [`${kind}/${name}`, body]));
  return {
    ...prepared,
    objects: edits.map(({ kind, name }, i) => ({ kind, name, before: before[i], after: after.get(`${kind}/${name}`) })),
  };
}

/** What another object needs stays, and what policies want can be given, whatever else of doubtful use is accepted. */
function refuseFirm({ warnings }: PreparedEdits): void {
  const needed = warnings.filter((one) => 'code' in one && one.code === 'object-in-use');
  if (needed.length > 0) throw problemOf('object-in-use', needed);
  const firm = warnings.filter((one) => 'isFirm' in one);
  if (firm.length > 0) throw problemOf('invalid-object', firm);
}

/** The content of an object after an edit; `undefined` where it is deleted. */
export function bodyAfter(edit: ChangeEdit, before: unknown): unknown {
  switch (edit.op) {
    case 'put':
      return saltKept(edit, before);
    case 'patch':
      return applyPatch(before, edit.patch);
    case 'delete':
      return undefined;
  }
}

/** Whoever writes a whole object anew need not repeat its salt. */
function saltKept({ kind, body }: ChangeEdit & { readonly op: 'put' }, before: unknown): unknown {
  if (kindNamed(kind)?.salted !== true || !isRecord(body) || !isRecord(before)) return body;
  return 'salt' in body || !('salt' in before) ? body : { ...body, salt: before['salt'] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function bodiesBefore({ tx, current }: Pick<Moment, 'tx' | 'current'>, edits: readonly ChangeEdit[]) {
  const bodies: unknown[] = [];
  for (const { kind, name } of edits) {
    const object = current.get(kind, name);
    const isLeftOut = kind === 'release' && object !== undefined;
    bodies.push(isLeftOut ? await tx.bodyOf(kind, name, object.version) : object?.body);
  }
  return bodies;
}

function refuseOutdated({ current }: Pick<Moment, 'current'>, edits: readonly ChangeEdit[]): void {
  const late = edits.flatMap(({ kind, name, expectedVersion }, i): readonly Mistake[] => {
    const version = current.get(kind, name)?.version ?? 0;
    if (version === expectedVersion) return [];
    const made = expectedVersion === 0 ? 'to create it' : `against version ${expectedVersion}`;
    const is = version === 0 ? 'does not exist' : `is at version ${version}`;
    return [{ at: `edits[${i}]`, message: `${kind} ${name} ${is}; the edit was made ${made}` }];
  });
  const [first] = late;
  if (first !== undefined) throw new Problem('version-conflict', first.message, late);
}
