import type { z } from 'zod';
import type { Mistake } from './problem.ts';

/** Something that stands in a file, and the names under which the file knows its fields where they differ from ours. */
export interface Placed {
  readonly at: string;
  readonly fieldNames?: Readonly<Record<string, string>>;
}

/** Where something stands in a file: the object's place and the path below it, in the file's own words. */
export function placeOf({ at, fieldNames = {} }: Placed, path: readonly PropertyKey[]): string {
  const [field, ...rest] = path;
  if (field === undefined) return at === '' ? '1:1' : at;
  const first = typeof field === 'string' && Object.hasOwn(fieldNames, field) ? (fieldNames[field] ?? field) : field;
  return [first, ...rest].reduce<string>(step, at);
}

function step(place: string, part: PropertyKey): string {
  if (typeof part === 'number') return `${place}[${part}]`;
  const text = String(part);
  if (!/^[A-Za-z_][\w-]*$/.test(text)) return `${place}[${JSON.stringify(text)}]`;
  return place === '' ? text : `${place}.${text}`;
}

/** What a schema found wrong, each with its place; every key that it does not know is a mistake of its own. */
export function mistakesOf({ issues }: z.ZodError, placed: Placed): readonly Mistake[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ at: placeOf(placed, issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ at: placeOf(placed, [...issue.path, key]), message: 'there is no such field' }));
  });
}
