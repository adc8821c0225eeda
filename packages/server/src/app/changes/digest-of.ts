import { createHash } from 'node:crypto';
import { canonicalJson } from '../../canonical-json.ts';
import type { Change } from '../../change.ts';

/** What people see of a change when they sign it. */
export interface Consented extends Pick<Change, 'edits' | 'condition'> {
  readonly acceptsDoubts?: true | undefined;
}

const digests = new WeakMap<Consented, string>();

/**
 * What a sign-off consents to, as SHA-256 in hex: the condition, every edit, and whether
 * doubts are accepted. The versions that edits were made against
 * are not in it, so that it stays the same when another part of an object changes.
 */
export function digestOf(change: Consented): string {
  // Each sign-off and each approval that is waited for is held against it.
  const known = digests.get(change);
  if (known !== undefined) return known;
  const { edits, condition, acceptsDoubts } = change;
  const seen = edits.map(({ expectedVersion, madeVersion, ...edit }) => edit);
  const digest = createHash('sha256')
    .update(canonicalJson({ condition, edits: seen, ...(acceptsDoubts && { acceptsDoubts }) }))
    .digest('hex');
  digests.set(change, digest);
  return digest;
}
