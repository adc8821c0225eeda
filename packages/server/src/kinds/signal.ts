import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { address } from './address.ts';
import { duration } from './duration.ts';
import { text } from './fields.ts';

const pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'a JSON Pointer: /data/value');

/** Headers that say how a request is sent are not for secrets. */
const ours =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept(?:-.*)?|proxy-.*)$/i;

/** By name: what is secret stands in the configuration of whoever reads the signal. */
const access = z
  .discriminatedUnion('as', [
    z.strictObject({ as: z.literal('bearer'), secret: text(100) }),
    z.strictObject({ as: z.literal('basic'), user: text(200), secret: text(100) }),
    z.strictObject({
      as: z.literal('header'),
      header: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/)
        .refine((name) => !ours.test(name), 'a header that says who asks: X-Api-Key'),
      secret: text(100),
    }),
  ])
  .optional();

const every = {
  product: text(100).optional(),
  channel: text(75).optional(),
  url: address,
  access,
  /** How often it is read. */
  every: duration({ leastMs: 1000, mostMs: 86_400_000 }).default('PT1M'),
  timeout: duration({ leastMs: 100, mostMs: 60_000 }).default('PT10S'),
  comment: z.string().max(500).optional(),
} as const;

/** PromQL is often written on several lines. */
const query = z
  .string()
  .min(1)
  .max(10_000)
  .regex(/^(?:[^\p{Cc}]|[\t\n\r])*$/u, 'no control characters');

const prometheus = z.strictObject({
  ...every,
  source: z.literal('prometheus'),
  /** What `/api/v1/query` is put behind. */
  url: address.refine((text) => !text.includes('?'), 'the address of the server, without a query'),
  query,
  /** What makes one value of several; without it there must be exactly one sample. */
  aggregator: z.enum(['min', 'max', 'sum', 'avg', 'count']).optional(),
  /** A query for the time of the data, in seconds since 1970: `min(timestamp(x))`. Without it the time of the evaluation counts. */
  watermark: query.optional(),
});

const httpJson = z.strictObject({
  ...every,
  source: z.literal('http-json'),
  method: z.enum(['GET', 'POST']).default('GET'),
  /** Sent as JSON, by POST. */
  body: z.union([z.array(z.json()), z.record(z.string(), z.json())], 'a mapping or a list').optional(),
  /** Where the number stands: a JSON Pointer (RFC 6901). */
  value: pointer,
  /** Where its time stands: RFC 3339, or seconds or milliseconds since 1970. Without it the time of the answer counts. */
  asOf: pointer.optional(),
});

const schema = z.discriminatedUnion('source', [
  prometheus,
  httpJson.superRefine(({ method, body }, context) => {
    const fault = (message: string): void => context.addIssue({ code: 'custom', path: ['body'], message });
    if (body !== undefined && method === 'GET') fault('is sent by POST only');
    if (body !== undefined && JSON.stringify(body).length > 10_000) fault('10 000 characters at most, as JSON');
  }),
]);

export type SignalBody = z.output<typeof schema>;

/** A number that is read outside, with the time that it is of. */
export const signal: Kind<'signal', SignalBody> = {
  name: 'signal',
  summary: 'a number that is read outside: a Prometheus query, or a place in a JSON document',
  schema,
  salted: false,
  served: false,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
