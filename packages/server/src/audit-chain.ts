import { createHash } from 'node:crypto';
import type { AuditEntry, AuditHead } from './audit.ts';
import { canonicalJson } from './canonical-json.ts';
import type { StoredVersion } from './stored-commit.ts';

/** The hash before the first entry. */
export const noHash = '0'.repeat(64);

/** The head of a log in which nothing was ever written. */
export const emptyHead: AuditHead = { seq: 0, hash: noHash, removedSeq: 0, removedHash: noHash };

/** SHA-256, in hex, of an entry's canonical form with the hash of the one before. */
export function hashEntry(previous: string, entry: Omit<AuditEntry, 'hash' | 'previous'>): string {
  const { seq, atMs, actor, action, change = null, subject = null, detail } = entry;
  return sha256(canonicalJson([previous, seq, atMs, actor, action, change, subject, detail]));
}

/** SHA-256, in hex, of all that a commit made. */
export function digestOfCommit(versions: readonly StoredVersion[]): string {
  return digestOfTexts(
    versions.map(({ body, ...version }) => ({
      ...version,
      text: body === undefined ? undefined : canonicalJson(body),
    })),
  );
}

/** The same, where the bodies are there in their canonical form. */
export function digestOfTexts(
  versions: readonly (Omit<StoredVersion, 'body'> & { readonly text: string | undefined })[],
): string {
  const parts = versions.map(({ kind, name, version, text }) =>
    canonicalJson([kind, name, version, text === undefined ? '' : sha256(text)]),
  );
  return sha256(parts.sort().join('\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
