import { z } from '@hono/zod-openapi';
import type { AuditEntry, AuditHead } from '../../audit.ts';
import type { ChainVerdict } from '../../verify-chain.ts';
import { instant, instantOf } from './schemas.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const auditEntry = z
  .object({
    seq: z.int(),
    at: instant,
    atMs: z.number().openapi({ description: 'The same moment, as it is hashed.' }),
    actor: z.string(),
    action: z.string().openapi({ example: 'change.proposed' }),
    change: z.int().optional(),
    subject: z.string().optional(),
    detail: z.unknown().openapi({ description: 'Everything that the act rested on, as it is hashed.' }),
    previous: sha256.openapi({ description: 'The hash of the entry before.' }),
    hash: sha256,
  })
  .openapi('AuditEntry');

/** An entry of the audit log, from which its hash can be worked out anew. */
export function presentEntry(entry: AuditEntry): z.output<typeof auditEntry> {
  return { ...entry, at: instantOf(entry.atMs) };
}

export const auditHead = z
  .object({
    seq: z.int().openapi({ description: 'The last entry; 0 where there is none.' }),
    hash: sha256,
    removedSeq: z.int().openapi({ description: 'The last entry that retention removed; 0 where it removed none.' }),
    removedHash: sha256,
  })
  .openapi('AuditHead');

export function presentHead({ seq, hash, removedSeq, removedHash }: AuditHead): z.output<typeof auditHead> {
  return { seq, hash, removedSeq, removedHash };
}

export const verdict = z
  .discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), entries: z.int(), head: auditHead }),
    z.object({
      ok: z.literal(false),
      seq: z.int().openapi({ description: 'The first entry that is not as it was written.' }),
      what: z.enum(['altered', 'missing', 'reordered', 'repeated', 'added', 'unreadable']),
      detail: z.string(),
    }),
  ])
  .openapi('AuditVerdict');

export function presentVerdict(found: ChainVerdict): z.output<typeof verdict> {
  return found.ok ? { ...found, head: presentHead(found.head) } : { ...found };
}
