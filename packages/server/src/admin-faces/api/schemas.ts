import { z } from '@hono/zod-openapi';
import type { Caller } from '../../app/changes/desk.ts';
import { kindNames } from '../../kind.ts';
import { principalText } from '../../principal.ts';

/** A moment as the API writes it: RFC 3339 in UTC. */
export const instant = z.iso.datetime().openapi({ example: '2026-12-01T10:00:00.000Z' });

export const kindName = z.enum(kindNames).openapi('KindName');

/** RFC 9457. */
export const problemBody = z
  .object({
    type: z.string().openapi({ example: '/problems/version-conflict' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    retryAt: z.string().optional().openapi({ description: 'When asking again may come to something else.' }),
    errors: z.array(z.object({ at: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem');

/** The pages of a list: ask again with `cursor` until there is no `next`. */
export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(50)
    .openapi({ description: 'How many at most, 50 unless said.' }),
  cursor: z.string().max(200).optional().openapi({ description: '`next` of the page before.' }),
};

export const next = z.string().optional().openapi({ description: 'The cursor of the next page; absent on the last.' });

/** `application/json` of a schema. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { content: { 'application/json': { schema } }, description };
}

/** What any route may answer instead. */
export const refusals = {
  default: {
    content: { 'application/problem+json': { schema: problemBody } },
    description: 'What went wrong, as RFC 9457 has it.',
  },
} as const;

export function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function textOf({ principal }: Caller): string {
  return principalText(principal);
}

const headers = {
  'if-match': z.string().optional().openapi({ description: 'The ETag of what was seen, such as `"3"`.' }),
  'idempotency-key': z
    .string()
    .optional()
    .openapi({ description: 'Names this request, so that sending it again does nothing more.' }),
};

/** Headers that a route heeds. */
export function headersOf(...names: readonly (keyof typeof headers)[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, headers[name]])) as Partial<typeof headers>);
}
