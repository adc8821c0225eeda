import { Problem } from '../../problem.ts';
import type { ObjectName, StoredObject } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { sightOf } from './sight.ts';

/**
 * Finds an object as it was at a revision.
 * @throws Problem `object-not-found`, also for one that the caller may not see.
 */
export async function findObject(
  moment: Moment,
  caller: Caller,
  { kind, name }: ObjectName,
  revision: number,
): Promise<StoredObject> {
  const [object] = await moment.tx.objects({ revision, kinds: [kind], name, limit: 1 });
  if (object !== undefined && (await sightOf(moment, caller).sees(object))) return object;
  const when = revision === moment.current.mark.revision ? '' : ` at revision ${revision}`;
  throw new Problem('object-not-found', `there is no ${kind} ${name}${when}`);
}
