import type { KindName } from '../../kind.ts';
import type { Reach } from '../../reach.ts';
import type { ObjectName, ObjectQuery, StoredObject } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { costOfRelease } from './cost-of-release.ts';
import { liesAt } from './lies-at.ts';
import { placesOf } from './places-of.ts';
import { type Scanned, scan } from './scan.ts';
import { sightOf } from './sight.ts';

/** Which objects are looked for. */
export interface ObjectSearch {
  readonly revision: number;
  readonly kinds?: readonly KindName[] | undefined;
  readonly name?: string | undefined;
  /** Only those that lie there, or reach there. */
  readonly at?: Reach;
  readonly after?: ObjectName | undefined;
  readonly limit: number;
}

/** Lists what somebody may see of what lived at a revision, by kind and name. Releases come without their bodies. */
export async function listObjects(
  moment: Moment,
  caller: Caller,
  search: ObjectSearch,
): Promise<Scanned<StoredObject, ObjectName>> {
  const { revision, kinds, name, at = {}, limit } = search;
  const { tx, current } = moment;
  const sight = sightOf(moment, caller);
  const isAnywhere = at.product === undefined && at.channel === undefined;
  const query: Omit<ObjectQuery, 'limit'> = {
    revision,
    kinds: sight.kinds.filter((kind) => kinds === undefined || kinds.includes(kind)),
    bodiless: ['release'],
    ...(name !== undefined && { name }),
  };
  const isKnown = (object: StoredObject): boolean =>
    object.kind !== 'release' ||
    (isAnywhere && sight.seesAll('release')) ||
    current.knownProductOf(object) !== undefined;
  return scan({
    page: (after, size) => tx.objects({ ...query, ...(after !== undefined && { after }), limit: size }),
    placeOf: (object): ObjectName => ({ kind: object.kind, name: object.name }),
    costOf: (object) => (isKnown(object) ? 1 : costOfRelease),
    isWanted: async (object) =>
      (await sight.sees(object)) && (isAnywhere || liesAt(await placesOf(moment, object), at)),
    after: search.after,
    limit,
  });
}
