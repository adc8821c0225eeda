import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CountBatch, countEvents } from './count.ts';
import { type MeterReading, meterReadingSchema } from './metrics/meter-reading.ts';

/** What an edge and the node that it follows agree on; `docs/operating/edges.md` tells it in full. */
export const edgeProtocol = {
  prefix: '/edge/v1',
  /** The Ed25519 signature of an uncompressed manifest, in base64. */
  signatureHeader: 'Sluice-Signature',
  /** Which start of the node answers, a UUID: what an edge reported to an earlier one is not in its counts. */
  nodeHeader: 'Sluice-Node',
  /** The event that tells of a new snapshot. */
  commitEvent: 'commit',
} as const;

/** What an edge has counted since it began, or since another start of the node took the rest. */
export interface EdgeReport {
  /** The name of this count: another one for each that begins at nothing. */
  readonly instance: string;
  /** Which start of the node it is for; absent before the edge knows one. */
  readonly node?: string | undefined;
  /** 1 for the first report of an instance; the next is more. One that comes late is known by it. */
  readonly sequence: number;
  readonly reading: MeterReading;
}

export const edgeReportSchema: z.ZodType<EdgeReport> = z.strictObject({
  instance: z.uuid(),
  node: z.uuid().optional(),
  sequence: z.int().min(1),
  reading: meterReadingSchema,
});

const countText = z.string().max(256);
const bin = z.strictObject({
  event: z.enum(countEvents),
  product: countText.min(1),
  channel: countText,
  version: countText,
  release: countText,
  rule: z.int().min(0),
  binMs: z.int().min(0),
  count: z.int().min(1).max(1e12),
});

/** The shape of a batch of counts that comes from an edge; an edge puts no more into one. */
export const countBatchSchema: z.ZodType<CountBatch> = z.strictObject({
  source: z.uuid(),
  sequence: z.int().min(1),
  throughMs: z.int().min(0),
  counts: z.array(bin).max(2000),
  last: z.literal(true).optional(),
});

/** A public key as people compare it; `key` is the DER form of its SPKI. */
export function keyFingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
