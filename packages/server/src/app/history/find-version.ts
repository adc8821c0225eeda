import { Problem } from '../../problem.ts';
import type { ObjectName, VersionHeader } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { seesVersion } from './sees-version.ts';
import { sightOf } from './sight.ts';

/** One version, with its body; the body is `undefined` where it deleted the object. */
export interface FoundVersion extends VersionHeader {
  readonly body: unknown;
}

/**
 * Finds one version of an object.
 * @throws Problem `object-not-found`, also for one that the caller may not see.
 */
export async function findVersion(
  moment: Moment,
  caller: Caller,
  object: ObjectName,
  version: number,
): Promise<FoundVersion> {
  const { tx } = moment;
  const { kind, name } = object;
  const [header] = await tx.versions({ ...object, before: version + 1, limit: 1 });
  if (header?.version !== version || !(await seesVersion(tx, sightOf(moment, caller), object, header))) {
    throw new Problem('object-not-found', `there is no version ${version} of ${kind} ${name}`);
  }
  return { ...header, body: await tx.bodyOf(kind, name, version) };
}
