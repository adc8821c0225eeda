import type { StoredObject } from '../../store.ts';
import type { Caller, Moment } from '../changes/desk.ts';

/** Signals that are read outside, by name: those that somebody may report, as an agent does, or see. */
export function listSignals(
  { current }: Pick<Moment, 'current'>,
  { principal, scopes }: Caller,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): readonly StoredObject[] {
  const { access } = current;
  const isVisible = ({ kind, body }: StoredObject): boolean => {
    const target = { kind, reaches: access.reachOf(kind, body) };
    return access.may(principal, 'report', target, scopes) || access.may(principal, 'read', target, scopes);
  };
  return [...current.objects.values()]
    .filter((object) => object.kind === 'signal' && object.name > after && isVisible(object))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}
