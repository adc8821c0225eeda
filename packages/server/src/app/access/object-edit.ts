import { isDeepStrictEqual } from 'node:util';
import type { KindName } from '../../kind.ts';
import { kindNamed } from '../../kinds/index.ts';
import type { Reach } from '../../reach.ts';

/** One object's part in a change, with its body before and after; `undefined` where there is no object. */
export interface ObjectEdit {
  readonly kind: KindName;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

const settledBodies = new WeakMap<object, unknown>();

/**
 * A body as the store would keep it, with what people may leave out; `null` where it does not fit its kind. A release is
 * taken as it is, as looking through its blob would take long.
 */
export function settle(kind: KindName, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body === undefined ? undefined : null;
  if (kind === 'release') return 'product' in body && typeof body.product === 'string' ? body : null;
  if (!settledBodies.has(body)) settledBodies.set(body, kindNamed(kind)?.schema.safeParse(body).data ?? null);
  return settledBodies.get(body);
}

/** Everything that an edit reaches, where it takes away as well as where it gives. */
export function reachesOf({ kind, before, after }: ObjectEdit): readonly Reach[] {
  return [...reachesOfBody(kind, before), ...reachesOfBody(kind, after)];
}

/** What an object reaches: nothing where there is none, everything where its body cannot be read. */
export function reachesOfBody(kind: KindName, body: unknown): readonly Reach[] {
  const settled = settle(kind, body);
  if (settled === undefined) return [];
  return settled === null ? [{}] : (kindNamed(kind)?.reachOf(settled) ?? [{}]);
}

/** Whether two bodies say the same but for what is only there for people. */
export function saysTheSame(before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(withoutComment(before), withoutComment(after));
}

function withoutComment(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('comment' in body)) return body;
  const { comment, ...rest } = body;
  return rest;
}
