import { Problem } from '../../problem.ts';
import type { Moment } from '../changes/desk.ts';

/** A revision, or a moment in milliseconds since 1970 whose newest revision is meant. */
export type AsOf = { readonly revision: number } | { readonly atMs: number };

/**
 * The revision that somebody means; the newest when they say nothing.
 * @throws Problem `object-not-found` for one that there is not yet.
 */
export async function revisionOf({ tx, current }: Pick<Moment, 'tx' | 'current'>, asOf?: AsOf): Promise<number> {
  const newest = current.mark.revision;
  if (asOf === undefined) return newest;
  if ('atMs' in asOf) return tx.revisionAt(asOf.atMs);
  if (asOf.revision > newest) {
    throw new Problem('object-not-found', `there is no revision ${asOf.revision} yet; the newest is ${newest}`);
  }
  return asOf.revision;
}
