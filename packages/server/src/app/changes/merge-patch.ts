import { isDeepStrictEqual } from 'node:util';
import { mostLevels, nestsWithin } from '../../nests-within.ts';
import { Problem } from '../../problem.ts';

/** A JSON mapping. */
type Mapping = Readonly<Record<string, unknown>>;

/**
 * What a patch makes of a value. Source: RFC 7396, section 2.
 * @throws Problem `invalid-object` when the patch is nested deeper than anything that is kept.
 */
export function applyPatch(target: unknown, patch: unknown): unknown {
  if (!nestsWithin(patch)) {
    throw new Problem('invalid-object', `a patch may be nested ${mostLevels} levels deep at most`);
  }
  return patched(target, patch);
}

function patched(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  // A map, because a key such as `__proto__` is a key like any other in JSON.
  const result = new Map(isMapping(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, patched(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/**
 * The smallest patch that makes `after` of `before`; `undefined` when there is none, because `after` is no mapping or holds
 * a null that is new.
 */
export function diffPatch(before: unknown, after: unknown): Mapping | undefined {
  if (!isMapping(after)) return undefined;
  const old = isMapping(before) ? before : {};
  const patch: [string, unknown][] = Object.keys(old)
    .filter((key) => !Object.hasOwn(after, key))
    .map((key) => [key, null]);
  for (const [key, value] of Object.entries(after)) {
    const was = Object.hasOwn(old, key) ? old[key] : undefined;
    if (isDeepStrictEqual(was, value)) continue;
    const part = isMapping(value) ? diffPatch(was, value) : (value ?? undefined);
    if (part === undefined) return undefined;
    patch.push([key, part]);
  }
  return Object.fromEntries(patch);
}

/** Where a patch says something, as JSON Pointers (RFC 6901). */
export function touchedPaths(patch: Mapping): readonly string[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const below = isMapping(value) ? touchedPaths(value) : [];
    return below.length === 0 ? [step(key)] : below.map((path) => step(key) + path);
  });
}

/** Where two values differ, as JSON Pointers; a list is one thing, and `''` is the whole. */
export function pathsBetween(before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isMapping(before) || !isMapping(after)) return [''];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    if (!Object.hasOwn(before, key) || !Object.hasOwn(after, key)) return [step(key)];
    return pathsBetween(before[key], after[key]).map((path) => step(key) + path);
  });
}

/** What lies in both sets of JSON Pointers: each that is the same as, or lies below, one of the other set. */
export function overlap(a: readonly string[], b: readonly string[]): readonly string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  const shared = [...inA].filter((path) => liesIn(path, inB)).concat([...inB].filter((path) => liesIn(path, inA)));
  return [...new Set(shared)].sort();
}

function liesIn(path: string, paths: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return paths.has('');
}

function step(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
