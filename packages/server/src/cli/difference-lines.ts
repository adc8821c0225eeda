import { isDeepStrictEqual } from 'node:util';
import { pathsBetween } from '../app/changes/merge-patch.ts';
import { placeOf } from '../place.ts';
import type { ObjectName } from '../store.ts';
import { bodyYaml } from './tree/body-yaml.ts';

/** One object before and after; `undefined` where there is none. */
export interface ObjectDifference extends ObjectName {
  readonly before?: unknown;
  readonly after?: unknown;
}

const mostLines = 20;
const longestValue = 100;

/** What becomes of an object, for people: a line that names it, and below it every field that differs. */
export function differenceLines({ kind, name, before, after }: ObjectDifference): readonly string[] {
  if (before === undefined) return [`+ ${kind} ${name}`, ...fewer(bodyLines(kind, after))];
  if (after === undefined) return [`- ${kind} ${name}`];
  if (isDeepStrictEqual(before, after)) return [`= ${kind} ${name}`];
  const fields = pathsBetween(before, after).map((pointer) => {
    const path = segmentsOf(pointer);
    const at = path.length === 0 ? 'all of it' : placeOf({ at: '' }, path);
    return `    ${at}: ${told(valueAt(before, path))} → ${told(valueAt(after, path))}`;
  });
  return [`~ ${kind} ${name}`, ...fewer(fields)];
}

/** How many objects are new, altered and gone, in words. */
export function countDifferences(differences: readonly ObjectDifference[]): string {
  const added = differences.filter(({ before }) => before === undefined).length;
  const removed = differences.filter(({ after }) => after === undefined).length;
  const altered = differences.length - added - removed;
  const parts = [`${added} new`, `${altered} altered`, `${removed} deleted`].filter((part) => !part.startsWith('0 '));
  return parts.join(', ');
}

function bodyLines(kind: string, body: unknown): readonly string[] {
  return bodyYaml(kind, body)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line.length > longestValue ? `${line.slice(0, longestValue)}…` : line}`);
}

function fewer(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines), `    … and ${lines.length - mostLines} more lines`];
}

function told(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** Source: RFC 6901, section 4. */
function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}
