import type { KindName } from '../../kind.ts';
import type { ObjectName, TouchedObject } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { type BodyDifference, compareBodies } from './compare-bodies.ts';
import { costOfRelease } from './cost-of-release.ts';
import { type Scanned, scan } from './scan.ts';
import { type Sight, sightOf } from './sight.ts';

/** An object that is another at two revisions, as somebody sees it. */
export interface ObjectDifference extends ObjectName {
  readonly what: 'added' | 'removed' | 'changed';
  readonly from?: number;
  readonly to?: number;
  /** What was added. */
  readonly body?: unknown;
  /** What was changed. */
  readonly difference?: BodyDifference;
}

export interface RevisionComparison {
  readonly from: number;
  readonly to: number;
  readonly kinds?: readonly KindName[] | undefined;
  readonly after?: ObjectName | undefined;
  readonly limit: number;
}

/** Two versions of it. */
const costOfOne = 2;

/**
 * Lists what differs between two revisions, in either direction, by kind and name. Of releases only the versions are told, for
 * their bodies may be megabytes.
 */
export async function compareRevisions(
  moment: Moment,
  caller: Caller,
  { from, to, kinds, after, limit }: RevisionComparison,
): Promise<Scanned<ObjectDifference, ObjectName>> {
  const sight = sightOf(moment, caller);
  const isBack = from > to;
  const query = {
    ...(isBack ? { from: to, to: from } : { from, to }),
    kinds: sight.kinds.filter((kind) => kinds === undefined || kinds.includes(kind)),
  };
  const differences = new Map<TouchedObject, ObjectDifference>();
  const { found, next } = await scan({
    page: async (last: ObjectName | undefined, size) => {
      const touched = await moment.tx.touched({ ...query, ...(last !== undefined && { after: last }), limit: size });
      return isBack ? touched.map(turned) : touched;
    },
    placeOf: ({ kind, name }): ObjectName => ({ kind, name }),
    costOf: ({ kind }) => (kind === 'release' && !sight.seesAll(kind) ? 2 * costOfRelease : costOfOne),
    async isWanted(touched) {
      const difference = await differenceOf(moment, sight, touched);
      if (difference !== undefined) differences.set(touched, difference);
      return difference !== undefined;
    },
    after,
    limit,
  });
  return { found: found.flatMap((touched) => differences.get(touched) ?? []), ...(next !== undefined && { next }) };
}

function turned({ kind, name, from, to }: TouchedObject): TouchedObject {
  return { kind, name, ...(to !== undefined && { from: to }), ...(from !== undefined && { to: from }) };
}

/** What somebody sees of an object that was touched; `undefined` where it is the same to them. */
async function differenceOf(
  moment: Moment,
  sight: Sight,
  { kind, name, from, to }: TouchedObject,
): Promise<ObjectDifference | undefined> {
  const before = await side(moment, sight, { kind, name }, from);
  const after = await side(moment, sight, { kind, name }, to);
  const isRelease = kind === 'release';
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined) {
    return { kind, name, what: 'added', ...(to !== undefined && { to }), ...(!isRelease && { body: after?.body }) };
  }
  if (after === undefined) return { kind, name, what: 'removed', ...(from !== undefined && { from }) };
  if (from === to) return undefined;
  const versions = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  if (isRelease) return { kind, name, what: 'changed', ...versions };
  const difference = compareBodies(before.body, after.body);
  return difference.paths.length === 0 ? undefined : { kind, name, what: 'changed', ...versions, difference };
}

/** One side, as far as it may be seen. */
async function side(
  { tx }: Moment,
  sight: Sight,
  { kind, name }: ObjectName,
  version: number | undefined,
): Promise<{ readonly body: unknown } | undefined> {
  if (version === undefined) return undefined;
  const body = kind === 'release' ? null : await tx.bodyOf(kind, name, version);
  return (await sight.sees({ kind, name, version, body })) ? { body } : undefined;
}
