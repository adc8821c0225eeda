import type { Kysely } from 'kysely';
import type { AuditEntry, AuditHead, AuditQuery } from '../../audit.ts';
import { Damage } from './damage.ts';
import { pageLimit } from './page-limit.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, fromStoredText, toStoredBody, toStoredText } from './stored-text.ts';

/** One page of the audit log. */
export async function readAudit(db: Kysely<Schema>, query: AuditQuery): Promise<readonly AuditEntry[]> {
  const { before, after, change, actor, action, fromMs, toMs, limit } = query;
  let rows = db.selectFrom('audit').selectAll().limit(pageLimit(limit));
  if (before !== undefined) rows = rows.where('seq', '<', before);
  if (after !== undefined) rows = rows.where('seq', '>', after);
  if (change !== undefined) rows = rows.where('change_id', '=', change);
  if (actor !== undefined) rows = rows.where('actor', '=', toStoredText(actor));
  if (fromMs !== undefined) rows = rows.where('at_ms', '>=', Math.ceil(fromMs));
  if (toMs !== undefined) rows = rows.where('at_ms', '<=', Math.floor(toMs));
  if (action?.endsWith('.')) {
    const beginning = toStoredText(action);
    // A slash is what comes after a dot.
    rows = rows.where('action', '>=', beginning).where('action', '<', `${beginning.slice(0, -1)}/`);
  } else if (action !== undefined) rows = rows.where('action', '=', toStoredText(action));
  return (await rows.orderBy('seq', after === undefined ? 'desc' : 'asc').execute()).map(auditEntry);
}

/** Where the audit log ends. */
export async function readAuditHead(db: Kysely<Schema>): Promise<AuditHead> {
  const row = await db.selectFrom('audit_head').selectAll().executeTakeFirst();
  if (row === undefined) throw new Damage('the head of the audit log is gone');
  return { seq: row.seq, hash: row.hash, removedSeq: row.removed_seq, removedHash: row.removed_hash };
}

/** The hash of one entry. */
export async function readAuditHash(db: Kysely<Schema>, seq: number): Promise<string | undefined> {
  const row = await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst();
  return row?.hash;
}

export async function insertAudit(db: Kysely<Schema>, entries: readonly AuditEntry[]): Promise<void> {
  await db.insertInto('audit').values(entries.map(auditRow)).execute();
}

export async function writeAuditHead(db: Kysely<Schema>, head: AuditHead): Promise<void> {
  const { seq, hash, removedSeq: removed_seq, removedHash: removed_hash } = head;
  await db.updateTable('audit_head').set({ seq, hash, removed_seq, removed_hash }).execute();
}

export async function deleteAudit(db: Kysely<Schema>, upTo: number): Promise<void> {
  await db.deleteFrom('audit').where('seq', '<=', upTo).execute();
}

function auditRow(entry: AuditEntry): Schema['audit'] {
  const { seq, atMs, actor, action, change, subject, detail, previous, hash } = entry;
  return {
    seq,
    at_ms: atMs,
    actor: toStoredText(actor),
    action: toStoredText(action),
    change_id: change ?? null,
    subject: subject === undefined ? null : toStoredText(subject),
    detail: toStoredBody(detail),
    previous,
    hash,
  };
}

function auditEntry(row: Schema['audit']): AuditEntry {
  const { seq, at_ms: atMs, change_id: change, subject, previous, hash } = row;
  const owner = `entry ${seq} of the audit log`;
  return {
    seq,
    atMs,
    actor: fromStoredText(row.actor, owner),
    action: fromStoredText(row.action, owner),
    ...(change === null ? {} : { change }),
    ...(subject === null ? {} : { subject: fromStoredText(subject, owner) }),
    detail: fromStoredBody(row.detail, owner),
    previous,
    hash,
  };
}
