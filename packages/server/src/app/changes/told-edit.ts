import { createHash } from 'node:crypto';
import { canonicalJson } from '../../canonical-json.ts';
import type { ChangeEdit } from '../../change.ts';

/** How long the content of an object may be, in characters of JSON, to be written into the audit log as it is. */
const longest = 10_000;

/**
 * An edit as the audit log has it. A long content is told by its SHA-256, in hex, because the change keeps it. Of one that
 * is made at once (`isMade`) the log tells by the digest of its commit, and its version keeps it.
 */
export function toldEdit(edit: ChangeEdit, isMade: boolean): object {
  if (edit.op !== 'put' || edit.body === undefined) return edit;
  const { body, ...rest } = edit;
  if (isMade) return rest;
  const text = canonicalJson(body);
  return text.length <= longest ? edit : { ...rest, bodyDigest: createHash('sha256').update(text).digest('hex') };
}
