import { mostPerPage } from '../../store.ts';

/** @throws RangeError when a page cannot be so long. */
export function pageLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostPerPage) return limit;
  throw new RangeError(`A page holds from 1 to ${mostPerPage} things, not ${limit}.`);
}
