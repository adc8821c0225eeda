import { createHash } from 'node:crypto';
import { z } from 'zod';
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

/** A public key as people compare it; `key` is the DER form of its SPKI. */
export function keyFingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
