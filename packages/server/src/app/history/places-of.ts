import type { Reach } from '../../reach.ts';
import type { StoredObject } from '../../store.ts';
import { reachesOfBody } from '../access/object-edit.ts';
import type { Moment } from '../changes/desk.ts';

/** An object in one version; the body of a release may be left out. */
export type SeenObject = Pick<StoredObject, 'kind' | 'name' | 'version' | 'body'>;

/** Where an object lies. */
export async function placesOf(
  { tx, current }: Pick<Moment, 'tx' | 'current'>,
  object: SeenObject,
): Promise<readonly Reach[]> {
  if (object.kind !== 'release') return reachesOfBody(object.kind, object.body);
  const product = await current.productOf(tx, object);
  return product === undefined ? [{}] : [{ product }];
}
