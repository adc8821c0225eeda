import { z } from '@hono/zod-openapi';
import type { AsOf } from '../../app/history/revision-of.ts';
import { kindNames } from '../../kind.ts';
import { moment } from '../../kinds/fields.ts';
import { kindName } from './schemas.ts';

const revision = z.string().regex(/^(?:0|[1-9]\d{0,14})$/, 'a revision, or a moment as RFC 3339 has it');

/** A revision, or a moment whose newest revision is meant, in a query. */
export const asOfParam = z.union([revision, moment]).transform(readAsOf).openapi({
  type: 'string',
  description: 'A revision, or a moment as RFC 3339 has it (`+` is `%2B` in a URL). The newest unless said.',
  example: '2026-12-01T10:00:00Z',
});

/** The same in a body, where a revision is a number. */
export const asOfInput = z
  .union([z.int().min(0).max(999_999_999_999_999), moment])
  .transform((given) => readAsOf(String(given)))
  .openapi({ type: ['integer', 'string'], description: 'A revision, or a moment as RFC 3339 has it.' });

function readAsOf(text: string): AsOf {
  return /^\d+$/.test(text) ? { revision: Number(text) } : { atMs: Date.parse(text) };
}

/** A whole number in a URL, in its plain form only. */
export function wholeNumber(least: number, most = 999_999_999_999_999) {
  return z
    .string()
    .regex(/^(?:0|[1-9]\d{0,14})$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .openapi({ type: 'integer', minimum: least, maximum: most });
}

/** Kinds; the parameter may be repeated. */
export const kindsParam = repeatable(z.array(kindName)).openapi({
  type: 'array',
  items: { type: 'string', enum: [...kindNames] },
  description: 'Of these kinds only; may be repeated.',
});

/** A parameter of a query that may stand there once or several times. */
export function repeatable<S extends z.ZodType>(list: S) {
  return z.preprocess((given) => (typeof given === 'string' ? [given] : given), list);
}

/** Where something lies. */
export const placeParams = {
  product: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'What lies at this product, or reaches it; a name or a glob.' }),
  channel: z
    .string()
    .min(1)
    .max(75)
    .optional()
    .openapi({ description: 'What lies at this channel, or reaches it; a name or a glob.' }),
};
