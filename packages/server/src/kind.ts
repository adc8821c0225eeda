import type { z } from 'zod';
import type { Reach } from './reach.ts';

/** The names of all kinds of object. */
export const kindNames = [
  'rule',
  'release',
  'throttle',
  'throttle-exception',
  'global-throttle',
  'emergency-stop',
  'pin',
  'file-host',
  'settings',
  'policy',
  'user',
  'service-account',
  'grant',
  'regression-line',
  'population',
  'client-key',
  'signal',
  'notifier',
  'freeze',
] as const;

export type KindName = (typeof kindNames)[number];

/** A kind of object: what its body may hold and what it is called. One file each in `kinds/`. */
export interface Kind<N extends KindName = KindName, Body = unknown> {
  readonly name: N;
  readonly summary: string;
  /** Checks and normalises a body as people write it; the output is what the store keeps. */
  readonly schema: z.ZodType<Body>;
  /** The name that follows from the body, where it does (a throttle is named after its product and version). */
  readonly nameOf?: (body: Body) => string;
  /** What else a name must look like, with the sentence that says so. */
  readonly namePattern?: RegExp;
  readonly nameRule?: string;
  /** Whether objects of this kind own a salt, which is made when first written and then never changes by itself. */
  readonly salted: boolean;
  /** Whether nodes answer clients by it: what is not stays in the database and never reaches an edge. */
  readonly served: boolean;
  /** Which products and channels it touches, for permissions and policies; `[{}]` for all of them, `[]` for none. */
  readonly reachOf: (body: Body) => readonly Reach[];
}
