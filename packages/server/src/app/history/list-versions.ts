import { Problem } from '../../problem.ts';
import type { ObjectName, VersionHeader } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { costOfRelease } from './cost-of-release.ts';
import { type Scanned, scan } from './scan.ts';
import { seesVersion } from './sees-version.ts';
import { sightOf } from './sight.ts';

/**
 * Lists the versions of an object that somebody may see, newest first.
 * @throws Problem `object-not-found` where there is none of them at all.
 */
export async function listVersions(
  moment: Moment,
  caller: Caller,
  object: ObjectName,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<Scanned<VersionHeader, number>> {
  const { tx, current } = moment;
  const { kind, name } = object;
  const sight = sightOf(moment, caller);
  const versions = await scan({
    page: (from: number | undefined, size) =>
      tx.versions({ ...object, ...(from !== undefined && { before: from }), limit: size }),
    placeOf: ({ version }) => version,
    costOf: ({ version }) =>
      kind !== 'release' || sight.seesAll(kind) || current.knownProductOf({ name, version }) !== undefined
        ? 1
        : costOfRelease,
    isWanted: (header) => seesVersion(tx, sight, object, header),
    after: before,
    limit,
  });
  if (before === undefined && versions.found.length === 0 && versions.next === undefined) {
    throw new Problem('object-not-found', `there is no ${kind} ${name}`);
  }
  return versions;
}
