import { leavesOf } from 'sluice';
import type { ChangeSummary } from '../../change.ts';
import { type Mistake, problemOf } from '../../problem.ts';
import { mostPerPage } from '../../store.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { isPast } from '../conditions/due-time.ts';
import type { Moment } from './desk.ts';

/**
 * A signal that a pending change is going to read stays, and so does a population that its uptake is estimated by; unless
 * the time of that change has passed.
 * @param except the change that would delete it
 * @throws Problem `object-in-use`
 */
export async function refuseRead(moment: Moment, objects: readonly ObjectEdit[], except: number): Promise<void> {
  const going = objects.filter(
    ({ kind, before, after }) =>
      (kind === 'signal' || kind === 'population') && before !== undefined && after === undefined,
  );
  if (going.length === 0) return;
  const needed: Mistake[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await moment.tx.changes({ states: ['pending'], before, limit: mostPerPage });
    for (const change of page) {
      before = change.id;
      if (change.id !== except && !isPast(change.condition, moment.nowMs)) needed.push(...readBy(change, going));
    }
    if (page.length < mostPerPage) break;
  }
  if (needed.length > 0) throw problemOf('object-in-use', needed);
}

function readBy({ id, condition }: ChangeSummary, objects: readonly ObjectEdit[]): readonly Mistake[] {
  const read = new Set<string>();
  for (const leaf of leavesOf(condition)) {
    if (!('signal' in leaf)) continue;
    const { name, uptake } = leaf.signal;
    if (name !== undefined) read.add(`signal ${name}`);
    if (uptake !== undefined && uptake.from !== 'telemetry') read.add(`population ${uptake.product}`);
  }
  return objects
    .map(({ kind, name }) => `${kind} ${name}`)
    .filter((at) => read.has(at))
    .map((at) => ({ at, message: `the condition of change ${id} reads it` }));
}
