import type { SignalCondition } from 'sluice';
import { z } from 'zod';
import { duration } from '../../kinds/duration.ts';
import { text } from '../../kinds/fields.ts';
import { ownSignalNames } from '../../signal.ts';

const dayMs = 86_400_000;
const time = duration({ leastMs: 1000, mostMs: 90 * dayMs });

const place = { product: text(100), channel: text(75).optional(), window: time.optional() };
const version = text(75);

const queries = {
  uptake: z
    .strictObject({
      ...place,
      version,
      as: z.enum(['count', 'percent']).optional(),
      from: z.enum(['checks', 'telemetry']).optional(),
    })
    .optional(),
  offers: z.strictObject({ ...place, release: text(200).optional(), rule: z.int().min(1).optional() }).optional(),
  checks: z.strictObject({ ...place, version: version.optional() }).optional(),
  events: z
    .strictObject({
      ...place,
      event: z.enum(['installed', 'active-today', 'crashed-today', 'failed']),
      version: version.optional(),
    })
    .optional(),
  crashes: z.strictObject({ ...place, version: version.optional() }).optional(),
};

const whatNames = ['name', ...ownSignalNames] as const;

/** Exactly one of what can be read. @param said what stands beside it */
function oneOf(said: Readonly<Record<string, unknown>>): boolean {
  return whatNames.filter((name) => said[name] !== undefined).length === 1;
}

const oneOfWhat = `a signal is exactly one of ${whatNames.join(', ')}`;

/** What is asked of our own counters: one of them. */
export const ownQuery = z
  .strictObject(queries)
  .refine(oneOf, `exactly one of ${ownSignalNames.join(', ')}`) as z.ZodType<
  Omit<SignalCondition, 'name' | 'op' | 'value'>
>;

/** A signal that is compared with a number. */
export const signal = z
  .strictObject({
    name: text(200).optional(),
    ...queries,
    op: z.enum(['>=', '>', '<=', '<']),
    value: z.number(),
    for: time.optional(),
    until: z.number().optional(),
    maxAge: time.optional(),
    onUnknown: z.enum(['hold', 'fail', 'pass']).optional(),
    latched: z.literal(true).optional(),
  })
  .superRefine((said, context) => {
    const fault = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (!oneOf(said)) fault([], oneOfWhat);
    const { op, value, until } = said;
    if (until === undefined) return;
    const isBeyond = op.startsWith('>') ? until < value : until > value;
    if (!isBeyond) fault(['until'], `until must be ${op.startsWith('>') ? 'below' : 'above'} value`);
  }) as unknown as z.ZodType<SignalCondition>;
