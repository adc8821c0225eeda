import { briefText } from '../../brief-text.ts';
import type { KindName } from '../../kind.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { wholeParts } from '../changes/altered-parts.ts';
import { pathsBetween } from '../changes/merge-patch.ts';
import { valueText } from './diff-value.ts';

/** What differs in one part of an object. */
export interface Difference {
  readonly kind: KindName;
  readonly name: string;
  /** `''` where the object itself is made or deleted. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What nobody reads in a message. */
const unread: ReadonlySet<string> = new Set(['/salt']);

/** What edits alter, part by part, in short. */
export function differencesOf(objects: readonly ObjectEdit[]): readonly Difference[] {
  return objects.flatMap(({ kind, name, before, after }) => {
    const object = { kind, name: briefText(name) };
    if (after === undefined && before !== undefined)
      return [{ ...object, field: '', before: 'is there', after: 'deleted' }];
    const paths = [...new Set(wholeParts(kind, pathsBetween(before ?? {}, after ?? {})))];
    const parts = paths
      .filter((path) => !unread.has(path))
      .map((path) => ({
        ...object,
        field: fieldText(path),
        before: valueText(at(before, path)),
        after: valueText(at(after, path)),
      }));
    return before === undefined ? [{ ...object, field: '', before: '', after: 'new' }, ...parts] : parts;
  });
}

function fieldText(path: string): string {
  return briefText(keysOf(path).join('.'));
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of keysOf(path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

/** Source: RFC 6901, section 4. */
function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
