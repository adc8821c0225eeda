import type { Reach } from '../../reach.ts';
import { reachAt } from '../../reach.ts';
import { ownSignalNames } from '../../signal.ts';
import type { Moment } from '../changes/desk.ts';
import type { OwnQuery } from './read-own.ts';

/** Where a signal lies that is read outside, for permissions; everywhere for one that is not there any more. */
export function placesOfSignal({ current }: Pick<Moment, 'current'>, name: string): readonly Reach[] {
  const object = current.get('signal', name);
  return object === undefined ? [{}] : current.access.reachOf('signal', object.body);
}

/** Where something is counted. */
export function placesOfQuery(query: OwnQuery): readonly Reach[] {
  return ownSignalNames.flatMap((name) => {
    const { product, channel } = query[name] ?? {};
    return product === undefined ? [] : [reachAt(product, channel)];
  });
}
