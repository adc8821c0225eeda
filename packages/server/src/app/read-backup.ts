import { createHash } from 'node:crypto';
import type { AuditEntry, AuditHead } from '../audit.ts';
import type { Change } from '../change.ts';
import type { BinCount, CountSource } from '../count.ts';
import type { Credential } from '../credential.ts';
import type { KindName } from '../kind.ts';
import { isKindName } from '../kinds/index.ts';
import type { Notice } from '../notice.ts';
import { Problem } from '../problem.ts';
import type { StoredReading } from '../signal.ts';
import type { CommitNote, StoredVersion } from '../stored-commit.ts';
import type { StoredItem } from '../stored-item.ts';
import { type BackupEnd, backupFormat } from './write-backup.ts';

/** A backup's lines, without their ends; read anew each time. */
export interface BackupSource {
  /** Its name in messages. */
  readonly name: string;
  lines(): AsyncIterable<string>;
}

type VersionLine = Omit<StoredVersion, 'kind'> & { readonly kind: string };
type CommitLine = CommitNote & { readonly revision: number };
type Line =
  | { readonly format: string }
  | CommitLine
  | VersionLine
  | { readonly change: Change }
  | { readonly credential: Credential }
  | { readonly auditEntry: AuditEntry }
  | { readonly auditHead: AuditHead }
  | { readonly reading: StoredReading }
  | { readonly notice: Notice }
  | { readonly count: BinCount }
  | { readonly countSource: CountSource }
  | { readonly end: BackupEnd };

const formats: readonly unknown[] = ['sluice-backup/1', 'sluice-backup/2', backupFormat];

/**
 * Looks whether a backup is whole: every line is there and none has changed. Answers with what it ends with.
 * @throws Problem `unreadable-file`.
 */
export async function checkBackup({ name, lines }: BackupSource): Promise<BackupEnd> {
  const hash = createHash('sha256');
  let last: string | undefined;
  for await (const line of lines()) {
    if (last === undefined) checkFormat(name, line);
    else hash.update(`${last}\n`);
    last = line;
  }
  const end = parse<{ readonly end?: BackupEnd }>(last ?? '')?.end;
  if (end === undefined) throw new Problem('unreadable-file', `${name} breaks off: it is no whole backup.`);
  if (end.sha256 !== hash.digest('hex')) {
    throw new Problem('unreadable-file', `${name} has changed since it was written: its checksum is wrong.`);
  }
  return end;
}

/**
 * What a backup that was checked holds.
 * @throws Problem `unreadable-file` when it holds objects of a kind that this Sluice does not know.
 */
export async function* readBackup({ name, lines }: BackupSource): AsyncGenerator<StoredItem> {
  let commit: CommitLine | undefined;
  let versions: StoredVersion[] = [];
  for await (const text of lines()) {
    const line = parse<Line>(text);
    if (line === undefined) continue;
    if ('kind' in line) {
      versions.push({ ...line, kind: kindIn(name, line), body: line.body });
      continue;
    }
    if (commit !== undefined) yield { kind: 'commit', commit: { ...commit, versions } };
    commit = 'revision' in line ? line : undefined;
    versions = [];
    const item = itemIn(line);
    if (item !== undefined) yield item;
  }
}

/** What a line holds by itself; a commit has lines that follow it. */
function itemIn(line: Exclude<Line, VersionLine>): StoredItem | undefined {
  if ('change' in line) return { kind: 'change', change: line.change };
  if ('credential' in line) return { kind: 'credential', credential: line.credential };
  if ('auditEntry' in line) return { kind: 'audit-entry', entry: line.auditEntry };
  if ('auditHead' in line) return { kind: 'audit-head', head: line.auditHead };
  if ('reading' in line) return { kind: 'reading', reading: line.reading };
  if ('notice' in line) return { kind: 'notice', notice: line.notice };
  if ('count' in line) return { kind: 'count', count: line.count };
  return 'countSource' in line ? { kind: 'count-source', source: line.countSource } : undefined;
}

function checkFormat(name: string, line: string): void {
  const format = parse<{ readonly format?: string }>(line)?.format;
  if (formats.includes(format)) return;
  const newer = typeof format === 'string' && format.startsWith('sluice-backup/');
  throw new Problem('unreadable-file', newer ? `${name} was written by a newer Sluice.` : `${name} is no backup.`);
}

function kindIn(name: string, { kind }: VersionLine): KindName {
  if (isKindName(kind)) return kind;
  throw new Problem('unreadable-file', `${name} was written by a newer Sluice: there is no kind ${kind} here.`);
}

/** A record, or `undefined` where there is none. */
function parse<T extends object>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
