import { Cron } from 'croner';
import type { CronCondition, HoursCondition } from 'sluice';
import { z } from 'zod';
import { duration } from '../../kinds/duration.ts';
import { weekdays } from './hours.ts';
import { zone } from './zone-schema.ts';

const from = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of the day: 09:00');
const to = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of the day: 17:00, or 24:00 for its end');

/** Hours of the day on days of the week. */
export const hours = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .refine((days) => new Set(days).size === days.length, 'each day once')
      .optional(),
    from,
    to,
    zone,
  })
  .refine((said) => said.from < said.to, {
    path: ['to'],
    message: 'to must be later than from',
  }) as z.ZodType<HoursCondition>;

/** A time after each moment of a cron expression. */
export const cron: z.ZodType<CronCondition> = z.strictObject({
  expression: z
    .string()
    .max(200)
    .superRefine((expression, context) => {
      const fault = expressionFault(expression);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    }),
  lasts: duration({ leastMs: 1000, mostMs: 31 * 86_400_000 }),
  zone,
});

function expressionFault(expression: string): string | undefined {
  const form = 'a cron expression is five fields with blanks between: minute, hour, day, month, day of the week';
  // A question mark stands for the time at which the expression is read, which is another on each server.
  if (!/^[^\s?]+(?: [^\s?]+){4}$/.test(expression)) return form;
  try {
    return new Cron(expression, { mode: '5-part', timezone: 'UTC' }) instanceof Cron ? undefined : form;
  } catch (error) {
    return error instanceof Error ? `${form}; ${error.message}` : form;
  }
}
