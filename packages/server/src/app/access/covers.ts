import type { KindName } from '../../kind.ts';
import type { Action, Permission, Scope } from '../../permission.ts';
import type { Reach } from '../../reach.ts';
import { globMatches } from './glob.ts';

/** Whether an action is among those that somebody may do, or follows from one. Who may see everything may see the pending changes. */
export function allows(held: readonly Scope[], action: Action): boolean {
  return held.includes(action) || (action === 'read-changes' && held.includes('read'));
}

/** Whether a permission is for a kind of object. */
export function isFor({ kinds }: Permission, kind: KindName): boolean {
  return kinds === undefined || kinds.includes(kind);
}

/** Whether a permission covers all of a reach. */
export function covers(
  { products, channels }: Pick<Permission, 'products' | 'channels'>,
  { product, channel }: Reach,
): boolean {
  return coversText(products, product) && coversText(channels, channel);
}

function coversText(globs: readonly string[] | undefined, text: string | undefined): boolean {
  if (globs === undefined) return true;
  return text !== undefined && globs.some((glob) => globMatches(glob, text));
}
