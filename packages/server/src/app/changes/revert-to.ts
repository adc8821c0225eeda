import { isDeepStrictEqual } from 'node:util';
import type { ChangeEdit } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import { kinds as allKinds } from '../../kinds/index.ts';
import { Problem } from '../../problem.ts';
import type { ObjectName, TouchedObject } from '../../store.ts';
import { type Sight, sightOf } from '../history/sight.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { diffPatch } from './merge-patch.ts';
import { proposeChange } from './propose-change.ts';

/**
 * What clients are answered by. Who may do what is put back only when it is asked for, and what was stopped since then in an
 * emergency is not to go on because something else was put back.
 */
const usualKinds: readonly KindName[] = allKinds
  .filter(({ name, served }) => served && name !== 'emergency-stop')
  .map(({ name }) => name);
const pageSize = 500;

/**
 * Proposes a change by which all objects of some kinds are again what they were at a revision.
 * @throws Problem `object-not-found` for a revision that there never was; `usage` when nothing differs; `not-allowed` when
 * something differs that the caller may not see; what proposing throws.
 */
export async function revertTo(
  desk: Desk,
  revision: number,
  { kinds = usualKinds, reason }: { readonly kinds?: readonly KindName[] | undefined; readonly reason: string },
): Promise<Acted> {
  const newest = desk.current.mark.revision;
  if (revision > newest) throw new Problem('object-not-found', `there is no revision ${revision}`);
  const sight = sightOf(desk, desk.caller);
  const edits: ChangeEdit[] = [];
  for await (const touched of touchedSince(desk, revision, kinds)) {
    const edit = await editBack(desk, sight, touched);
    if (edit !== undefined) edits.push(edit);
  }
  if (edits.length === 0) throw new Problem('usage', `nothing differs from revision ${revision}`);
  return proposeChange(desk, {
    reason,
    edits,
    condition: { now: true },
    priority: 0,
    draft: false,
    acceptsDoubts: true,
  });
}

async function* touchedSince(
  { tx, current }: Desk,
  revision: number,
  kinds: readonly KindName[],
): AsyncGenerator<TouchedObject> {
  const query = { from: revision, to: current.mark.revision, kinds, limit: pageSize };
  for (let after: ObjectName | undefined; ; ) {
    const page = await tx.touched({ ...query, ...(after !== undefined && { after }) });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = { kind: last.kind, name: last.name };
  }
}

/** What makes of an object what it was; `undefined` where it is that already. */
async function editBack(
  { tx }: Desk,
  sight: Sight,
  { kind, name, from, to }: TouchedObject,
): Promise<ChangeEdit | undefined> {
  if (from === to) return undefined;
  const bodyOf = async (version: number | undefined): Promise<unknown> =>
    version === undefined ? undefined : tx.bodyOf(kind, name, version);
  const [was, is] = [await bodyOf(from), await bodyOf(to)];
  if (isDeepStrictEqual(was, is)) return undefined;
  for (const [version, body] of [
    [from, was],
    [to, is],
  ] as const) {
    // Whoever may not see it is not told what it is, either.
    if (version !== undefined && !(await sight.sees({ kind, name, version, body }))) {
      throw new Problem('not-allowed', 'something differs from then that the caller may not see');
    }
  }
  const target = { kind, name, expectedVersion: to ?? 0 };
  if (was === undefined) return { ...target, op: 'delete' };
  const patch = is === undefined ? undefined : diffPatch(is, was);
  return patch === undefined ? { ...target, op: 'put', body: was } : { ...target, op: 'patch', patch };
}
