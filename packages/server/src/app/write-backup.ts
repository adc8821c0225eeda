import { createHash } from 'node:crypto';
import type { StoredItem } from '../stored-item.ts';

/**
 * What a backup begins with. Those of the first format hold commits and nothing else, those of the second neither readings
 * nor notices nor counts.
 */
export const backupFormat = 'sluice-backup/3';

/** What a backup ends with: how much there was, and a checksum of every line before. */
export interface BackupEnd {
  readonly revision: number;
  readonly versions: number;
  readonly changes?: number;
  /** Of the audit log. */
  readonly entries?: number;
  readonly credentials?: number;
  readonly readings?: number;
  readonly notices?: number;
  readonly counts?: number;
  readonly sha256: string;
}

/**
 * The lines of a backup, each a JSON text: what it is and when it was begun, then each commit, followed by its versions,
 * then changes, credentials, the audit log with its head, readings, notices and counts with their sources, each under its
 * own word, then the end. A version without a body is a deletion. Answers what the last line says.
 */
export async function* writeBackup(items: AsyncIterable<StoredItem>, nowMs: number): AsyncGenerator<string, BackupEnd> {
  const hash = createHash('sha256');
  const line = (content: unknown): string => {
    const text = `${JSON.stringify(content)}\n`;
    hash.update(text);
    return text;
  };
  const count = {
    revision: 0,
    versions: 0,
    changes: 0,
    entries: 0,
    credentials: 0,
    readings: 0,
    notices: 0,
    counts: 0,
  };
  yield line({ format: backupFormat, atMs: nowMs });
  for await (const item of items) {
    if (item.kind === 'commit') {
      const { versions, ...commit } = item.commit;
      yield line(commit);
      for (const version of versions) yield line(version);
      count.revision = commit.revision;
      count.versions += versions.length;
    } else if (item.kind === 'change') {
      yield line({ change: item.change });
      count.changes += 1;
    } else if (item.kind === 'credential') {
      yield line({ credential: item.credential });
      count.credentials += 1;
    } else if (item.kind === 'audit-entry') {
      yield line({ auditEntry: item.entry });
      count.entries += 1;
    } else if (item.kind === 'audit-head') {
      yield line({ auditHead: item.head });
    } else if (item.kind === 'reading') {
      yield line({ reading: item.reading });
      count.readings += 1;
    } else if (item.kind === 'notice') {
      yield line({ notice: item.notice });
      count.notices += 1;
    } else if (item.kind === 'count') {
      yield line({ count: item.count });
      count.counts += 1;
    } else {
      yield line({ countSource: item.source });
    }
  }
  const end: BackupEnd = { ...count, sha256: hash.digest('hex') };
  yield `${JSON.stringify({ end })}\n`;
  return end;
}
