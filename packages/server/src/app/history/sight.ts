import { type KindName, kindNames } from '../../kind.ts';
import type { Reach } from '../../reach.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { placesOf, type SeenObject } from './places-of.ts';

/** What somebody may see of objects, living or past, by what they are allowed now. */
export interface Sight {
  /** The kinds of which anything at all may be seen. */
  readonly kinds: readonly KindName[];
  /** Whether all objects of a kind may be seen, wherever they are. */
  seesAll(kind: KindName): boolean;
  sees(object: SeenObject): Promise<boolean>;
}

/** Begins to look with somebody's eyes. */
export function sightOf(moment: Pick<Moment, 'tx' | 'current'>, { principal, scopes }: Caller): Sight {
  const { access } = moment.current;
  const may = (kind: KindName, reaches: readonly Reach[]): boolean =>
    access.may(principal, 'read', { kind, reaches }, scopes);
  const everywhere = new Map(kindNames.map((kind) => [kind, may(kind, [{}])]));
  const seesAll = (kind: KindName): boolean => everywhere.get(kind) === true;
  return {
    kinds: kindNames.filter((kind) => may(kind, [])),
    seesAll,
    sees: async (object) => seesAll(object.kind) || may(object.kind, await placesOf(moment, object)),
  };
}
