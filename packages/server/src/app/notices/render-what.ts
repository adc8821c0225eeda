import { briefText } from '../../brief-text.ts';
import type { Change } from '../../change.ts';
import type { Difference } from './diff-lines.ts';

/** What a change does, in a few words: `Firefox release: rule 10 share 25 % -> 0 %`. */
export function whatText(
  { reaches, reason }: Pick<Change, 'reaches' | 'reason'>,
  differences: readonly Difference[],
): string {
  const places = [
    ...new Set(reaches.map(({ product, channel }) => [product ?? 'all products', channel].filter(Boolean).join(' '))),
  ];
  const [place = ''] = places;
  const where = places.length > 1 ? `${place} and ${places.length - 1} more` : place;
  const objects = [...groups(differences).values()];
  const [first, ...others] = objects;
  const what = first === undefined ? briefText(reason, 80) : objectText(first);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return briefText(`${where === '' ? '' : `${where}: `}${what}${more}`, 160);
}

function groups(differences: readonly Difference[]): ReadonlyMap<string, readonly Difference[]> {
  const found = new Map<string, Difference[]>();
  for (const one of differences) {
    const key = `${one.kind} ${one.name}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [one]);
    else known.push(one);
  }
  return found;
}

function objectText([first, ...rest]: readonly Difference[]): string {
  if (first === undefined) return '';
  const { kind, name, field, before, after } = first;
  if (field === '') return after === 'new' ? `new ${kind} ${name}` : `${kind} ${name} ${after}`;
  const more = rest.length > 0 ? ` and ${rest.length} more ${rest.length === 1 ? 'field' : 'fields'}` : '';
  return `${kind} ${name} ${field} ${before === '' ? 'none' : before} -> ${after === '' ? 'none' : after}${more}`;
}
