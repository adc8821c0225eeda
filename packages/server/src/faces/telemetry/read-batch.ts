import { z } from 'zod';
import { mistakesOf } from '../../place.ts';
import type { Mistake } from '../../problem.ts';

/** How often something happened to installs of one version. */
const report = z.strictObject({
  product: z.string().max(100),
  channel: z.string().max(75),
  version: z.string().max(75),
  event: z.enum(['installed', 'active-today', 'crashed-today', 'failed']),
  count: z.int().min(1).max(1000).default(1),
});

const batch = z.strictObject({ key: z.string().max(100).optional(), events: z.array(report).min(1).max(100) });

export type Report = z.output<typeof report>;
export type Batch = z.output<typeof batch>;

/** What a body says, or what is wrong with it. Nothing is taken that is not asked for: what could be an id is refused. */
export function readBatch(body: Buffer): Batch | { readonly mistakes: readonly Mistake[] } {
  let read: unknown;
  try {
    read = JSON.parse(utf8.decode(body));
  } catch {
    return { mistakes: [{ at: '', message: 'this is no JSON in UTF-8' }] };
  }
  const parsed = batch.safeParse(read);
  return parsed.success ? parsed.data : { mistakes: mistakesOf(parsed.error, { at: '' }) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
