import { createHash } from 'node:crypto';
import { canonicalJson } from '../../canonical-json.ts';
import type { Change } from '../../change.ts';

/** What people see of a change when they sign it. */
export interface Consented extends Pick<Change, 'edits' | 'condition'> {
  readonly acceptsDoubts?: true | undefined;
}

/**
 * What a sign-off consents to, as SHA-256 in hex: the condition, every edit, and whether
 * doubts are accepted. The versions that edits were made against
 * are not in it, so that it stays the same when another part of an object changes.
 */
export function digestOf({ edits, condition, acceptsDoubts }: Consented): string {
  const seen = edits.map(({ expectedVersion, madeVersion, ...edit }) => edit);
  return createHash('sha256')
    .update(canonicalJson({ condition, edits: seen, ...(acceptsDoubts && { acceptsDoubts }) }))
    .digest('hex');
}
