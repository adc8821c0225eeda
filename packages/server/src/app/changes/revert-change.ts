import type { Change, ChangeEdit } from '../../change.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { diffPatch, overlap, pathsBetween } from './merge-patch.ts';
import { proposeChange } from './propose-change.ts';
import { stateAfter } from './transitions.ts';

/**
 * Proposes a change that takes an enacted one back, and leaves alone what was altered elsewhere since.
 * @throws Problem `change-not-open`; `version-conflict` naming what was altered again since; what proposing throws.
 */
export async function revertChange(desk: Desk, change: Change, reason: string): Promise<Acted> {
  if (stateAfter('revert', change.state) === undefined) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state}: there is nothing to take back`);
  }
  const edits: ChangeEdit[] = [];
  const mistakes: Mistake[] = [];
  for (const { kind, name, madeVersion } of change.edits) {
    if (madeVersion === undefined) continue;
    const now = desk.current.get(kind, name);
    const body = now === undefined ? undefined : await desk.tx.bodyOf(kind, name, now.version);
    const made = await desk.tx.bodyOf(kind, name, madeVersion);
    const before = madeVersion === 1 ? undefined : await desk.tx.bodyOf(kind, name, madeVersion - 1);
    const since = overlap(pathsBetween(before, made), pathsBetween(made, body));
    if (since.length > 0) {
      const is = now === undefined ? 'does not exist any more' : `is at version ${now.version}`;
      mistakes.push({
        at: `${kind} ${name}`,
        message: `change ${change.id} made version ${madeVersion}; it ${is}, and ${since.join(', ') || 'all of it'} was altered since`,
      });
      continue;
    }
    const target = { kind, name, expectedVersion: now?.version ?? 0 };
    if (before === undefined) edits.push({ ...target, op: 'delete' });
    else edits.push(editTo(target, made, before, body));
  }
  const [first] = mistakes;
  if (first !== undefined) throw new Problem('version-conflict', first.message, mistakes);
  if (edits.length === 0) throw new Problem('change-not-open', `change ${change.id} altered nothing`);
  return proposeChange(desk, {
    reason,
    edits,
    condition: { now: true },
    priority: change.priority,
    draft: false,
    reverts: change.id,
    acceptsDoubts: true,
  });
}

/** Takes back only what `made` had altered. */
function editTo(
  target: Pick<ChangeEdit, 'kind' | 'name' | 'expectedVersion'>,
  made: unknown,
  before: unknown,
  body: unknown,
): ChangeEdit {
  const patch = body === undefined || made === undefined ? undefined : diffPatch(made, before);
  return patch === undefined ? { ...target, op: 'put', body: before } : { ...target, op: 'patch', patch };
}
