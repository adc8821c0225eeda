import { z } from '@hono/zod-openapi';
import type { StoredReading } from '../../signal.ts';
import { instant, instantOf } from './schemas.ts';

/** What readings of a signal are kept under. */
export const readingKey = z.string().openapi({
  description: '`signal/NAME` for one that is read outside, or a question to our own counters in a fixed form.',
  example: 'uptake {"as":"percent","channel":"release","from":"checks","product":"Firefox","version":"2.0"}',
});

/** A reading as it is kept. */
export const storedReading = z
  .object({
    signal: readingKey,
    asOf: instant.openapi({ description: 'When it was so: the time of the data.' }),
    value: z.number().optional().openapi({ description: 'Absent where it cannot be known; the note says why.' }),
    note: z.string().openapi({ description: 'Where it comes from, and what is to be thought of it.' }),
    at: instant.openapi({ description: 'When it was written down.' }),
    by: z.string().openapi({ example: 'service-account:agent' }),
  })
  .openapi('Reading');

export function presentReading({
  signal,
  asOfMs,
  value,
  note,
  atMs,
  by,
}: StoredReading): z.output<typeof storedReading> {
  return { signal, asOf: instantOf(asOfMs), ...(value !== undefined && { value }), note, at: instantOf(atMs), by };
}
