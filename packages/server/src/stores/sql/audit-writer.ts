import type { Kysely } from 'kysely';
import type { AuditEntry, AuditHead, NewAuditEntry } from '../../audit.ts';
import { emptyHead, hashEntry } from '../../audit-chain.ts';
import { deleteAudit, insertAudit, readAuditHash, readAuditHead, writeAuditHead } from './audit-rows.ts';
import type { Schema } from './schema.ts';

/** The audit log inside a write transaction of the caller, where nobody else can add to it. */
export interface AuditWriter {
  append(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Answers whether there was anything to remove. */
  remove(seq: number): Promise<boolean>;
}

export function auditWriter(db: Kysely<Schema>): AuditWriter {
  let reading: Promise<AuditHead> | undefined;
  /** The head as it is after everything that was begun here: of two calls at once the second goes by what the first made. */
  let head: AuditHead = emptyHead;
  const ready = (): Promise<AuditHead> => {
    reading ??= readAuditHead(db).then((read) => {
      head = read;
      return read;
    });
    return reading;
  };

  return {
    async append(entry) {
      await ready();
      const previous = head.hash;
      const numbered = { ...entry, seq: head.seq + 1 };
      const whole = { ...numbered, previous, hash: hashEntry(previous, numbered) };
      head = { ...head, seq: whole.seq, hash: whole.hash };
      await insertAudit(db, [whole]);
      await writeAuditHead(db, head);
      return whole;
    },

    async remove(seq) {
      await ready();
      if (!Number.isInteger(seq) || seq > head.seq)
        throw new RangeError(`The audit log has no entry ${seq} to remove.`);
      const removedHash = seq > head.removedSeq ? await readAuditHash(db, seq) : undefined;
      // Removed before, or gone without our doing, which the chain must go on telling.
      if (removedHash === undefined) return false;
      head = { ...head, removedSeq: seq, removedHash };
      await deleteAudit(db, seq);
      await writeAuditHead(db, head);
      return true;
    },
  };
}
