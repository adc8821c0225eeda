import { createHash } from 'node:crypto';
import type { StoredCommit } from '../store.ts';

/** What a backup begins with. */
export const backupFormat = 'sluice-backup/1';

/** What a backup ends with: how much there was, and a checksum of every line before. */
export interface BackupEnd {
  readonly revision: number;
  readonly versions: number;
  readonly sha256: string;
}

/**
 * The lines of a backup, each a JSON text: what it is and when it was begun, then each commit, followed by its versions,
 * then the end. A version without a body is a deletion. Answers what the last line says.
 */
export async function* writeBackup(
  commits: AsyncIterable<StoredCommit>,
  nowMs: number,
): AsyncGenerator<string, BackupEnd> {
  const hash = createHash('sha256');
  const line = (content: unknown): string => {
    const text = `${JSON.stringify(content)}\n`;
    hash.update(text);
    return text;
  };
  let revision = 0;
  let count = 0;
  yield line({ format: backupFormat, atMs: nowMs });
  for await (const { versions, ...commit } of commits) {
    yield line(commit);
    for (const version of versions) yield line(version);
    revision = commit.revision;
    count += versions.length;
  }
  const end: BackupEnd = { revision, versions: count, sha256: hash.digest('hex') };
  yield `${JSON.stringify({ end })}\n`;
  return end;
}
