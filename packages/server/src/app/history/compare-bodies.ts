import { diffPatch, pathsBetween } from '../changes/merge-patch.ts';

/** What lies between two bodies; `undefined` stands for no object. */
export interface BodyDifference {
  /** RFC 7396; absent where no patch makes the one of the other. */
  readonly patch?: Readonly<Record<string, unknown>>;
  /** JSON Pointers (RFC 6901) of what differs; `''` is the whole. */
  readonly paths: readonly string[];
}

/** Compares two bodies. */
export function compareBodies(before: unknown, after: unknown): BodyDifference {
  const paths = pathsBetween(before, after);
  const patch = before === undefined ? undefined : diffPatch(before, after);
  return { paths, ...(patch !== undefined && { patch }) };
}
