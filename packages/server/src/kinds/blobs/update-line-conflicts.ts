import { isDeepStrictEqual } from 'node:util';
import { compareVersions, coversChannel, fallbackChannel, readMozillaVersion, type UpdateLineGroup } from 'sluice';

/** Two groups of an update line that say the same fields and may both fit one request. */
export interface UpdateLineConflict {
  readonly first: number;
  readonly second: number;
  readonly fields: readonly string[];
}

/** Finds every pair of groups that could give one request two values for a field. */
export function updateLineConflicts(groups: readonly UpdateLineGroup[]): readonly UpdateLineConflict[] {
  return groups.flatMap((group, second) =>
    groups.slice(0, second).flatMap((other, first) => {
      const fields = Object.keys(group.fields).filter((name) => Object.hasOwn(other.fields, name));
      // The same group twice says nothing twice.
      if (fields.length === 0 || isDeepStrictEqual(group, other)) return [];
      return mayMeet(other.for, group.for) ? [{ first, second, fields }] : [];
    }),
  );
}

function mayMeet(a: UpdateLineGroup['for'], b: UpdateLineGroup['for']): boolean {
  return (
    anyPair(a.channels, b.channels, channelsMeet) &&
    anyPair(a.locales, b.locales, (x, y) => x === y) &&
    anyPair(a.versions, b.versions, (x, y) => rangesMeet(x, y, compareVersionTexts)) &&
    anyPair(a.buildIDs, b.buildIDs, (x, y) => rangesMeet(x, y, (m, n) => (m === n ? 0 : m < n ? -1 : 1)))
  );
}

/** A criterion that a group does not name fits everything. */
function anyPair(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
  meet: (x: string, y: string) => boolean,
): boolean {
  if (a === undefined || b === undefined) return true;
  return a.some((x) => b.some((y) => meet(x, y)));
}

function channelsMeet(a: string, b: string): boolean {
  const [plainA, plainB] = [a.replace(/\*$/, ''), b.replace(/\*$/, '')];
  const covers = (pattern: string, channel: string): boolean =>
    coversChannel(pattern, channel) || coversChannel(pattern, fallbackChannel(channel));
  return a === b || covers(a, plainB) || covers(b, plainA);
}

interface Range {
  readonly low: string | undefined;
  readonly high: string | undefined;
  /** Whether the ends belong to it. */
  readonly closed: boolean;
}

function readRange(criterion: string): Range {
  const line = /^(\d+\.(?:\d+\.)?)\*$/.exec(criterion)?.[1];
  // From the first nightly of a line of versions to a patch that nobody will ship.
  if (line !== undefined) return { low: `${line}0a0`, high: `${line}999999999`, closed: true };
  const operator = /^[<>]?=?/.exec(criterion)?.[0] ?? '';
  const operand = criterion.slice(operator.length);
  const closed = operator === '' || operator.endsWith('=');
  if (operator.startsWith('<')) return { low: undefined, high: operand, closed };
  if (operator.startsWith('>')) return { low: operand, high: undefined, closed };
  return { low: operand, high: operand, closed };
}

type Compare = (a: string, b: string) => number;

function rangesMeet(a: string, b: string, compare: Compare): boolean {
  const [x, y] = [readRange(a), readRange(b)];
  return reaches(x, y, compare) && reaches(y, x, compare);
}

/** Whether one range begins before the other ends. */
function reaches({ low, closed }: Range, other: Range, compare: Compare): boolean {
  if (low === undefined || other.high === undefined) return true;
  const difference = compare(low, other.high);
  return difference < 0 || (difference === 0 && closed && other.closed);
}

/** What cannot be read is taken as equal, so that it is looked at rather than passed over. */
function compareVersionTexts(a: string, b: string): number {
  const [x, y] = [readMozillaVersion(a), readMozillaVersion(b)];
  return x === undefined || y === undefined ? 0 : compareVersions(x, y);
}
