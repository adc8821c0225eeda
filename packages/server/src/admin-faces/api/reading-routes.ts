import { createRoute, z } from '@hono/zod-openapi';
import { atDesk, atMoment, type Caller, type Moment } from '../../app/changes/desk.ts';
import { signalKey } from '../../app/conditions/signal-key.ts';
import { ownQuery } from '../../app/conditions/signal-schema.ts';
import { ownQueryIn } from '../../app/readings/own-query-in.ts';
import type { OwnQuery } from '../../app/readings/read-own.ts';
import { reportOwn } from '../../app/readings/report-own.ts';
import { type ReportedReading, reportReadings } from '../../app/readings/report-readings.ts';
import { placesOfQuery, placesOfSignal } from '../../app/readings/signal-places.ts';
import { moment, text } from '../../kinds/fields.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { beforeCursor } from './before-cursor.ts';
import { presentReading, readingKey, storedReading } from './reading-schemas.ts';
import { json, next, paging, refusals } from './schemas.ts';

/** What agents read of signals, and what was read. */
export const addReadingRoutes: AddRoutes = (api, app) => {
  api.openapi(report, async (c) => {
    const readings = c.req.valid('json').readings.map(readReported);
    // A reading is taken once, so a request that is sent again does no harm and need not be remembered.
    const results = await atDesk(app.changing, c.get('caller'), (desk) => reportReadings(desk, readings));
    return c.json({ results: results.map((one) => ({ ...one })) }, 200);
  });

  api.openapi(own, async (c) => {
    const queries: readonly OwnQuery[] = c.req.valid('json').signals;
    const found = await reportOwn(app.changing, c.get('caller'), queries);
    const readings = queries.flatMap((query) => found.get(signalKey(query)) ?? []);
    return c.json({ readings: readings.map(presentReading) }, 200);
  });

  api.openapi(list, async (c) => {
    const { signal, from, limit, cursor } = c.req.valid('query');
    const { before: beforeMs } = beforeCursor(cursor);
    const readings = await atMoment(app.changing, async (at) => {
      const fromMs = from === undefined ? undefined : Date.parse(from);
      return at.tx.readings({
        signal: visibleKey(at, c.get('caller'), signal),
        ...(fromMs !== undefined && { fromMs }),
        ...(beforeMs !== undefined && { beforeMs }),
        limit: limit + 1,
      });
    });
    const page = readings.slice(0, limit);
    const last = readings.length > limit ? page.at(-1) : undefined;
    const more = last === undefined ? {} : { next: String(last.asOfMs) };
    return c.json({ readings: page.map(presentReading), ...more }, 200);
  });
};

/** @throws Problem `usage`; `object-not-found` for a signal of which the caller may see nothing */
function visibleKey(at: Moment, { principal, scopes }: Caller, text: string): string {
  const name = /^signal\/(.+)$/su.exec(text)?.[1];
  const query = name === undefined ? ownQueryIn(text) : undefined;
  if (name === undefined && query === undefined) {
    throw new Problem('usage', 'a signal is signal/NAME, or the key under which a reading of our own counters is kept');
  }
  const reaches = query === undefined ? placesOfSignal(at, name ?? '') : placesOfQuery(query);
  if (at.current.access.may(principal, 'read-changes', { kind: 'signal', reaches }, scopes)) {
    return query === undefined ? text : signalKey(query);
  }
  throw new Problem('object-not-found', `there is no signal ${name ?? text}`);
}

const note = z
  .string()
  .max(2000)
  .openapi({ description: 'Where it comes from, in a sentence.', example: 'one sample of errors_total' });

const reported = z
  .strictObject({
    signal: text(200).openapi({ description: 'The name of a signal object.', example: 'crash-rate' }),
    version: z.int().min(1).optional().openapi({
      description: 'The version of that object by which it was read; only the present one counts.',
      example: 3,
    }),
    value: z.number().optional().openapi({ example: 0.012 }),
    unknown: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .openapi({ description: 'Why it cannot be known, instead of a value.' }),
    asOf: z.iso
      .datetime({ offset: true })
      .openapi({ description: 'When it was so: the time of the data, or of an attempt that failed.' }),
    note: note.default(''),
  })
  .refine(({ value, unknown }) => (value === undefined) !== (unknown === undefined), 'either value or unknown')
  .openapi('ReportedReading');

function readReported(said: z.output<typeof reported>): ReportedReading {
  const { signal: name, version, value, unknown, asOf } = said;
  const words = [unknown, said.note].filter((part) => part !== undefined && part !== '').join('; ');
  const known = { ...(version !== undefined && { version }), ...(value !== undefined && { value }) };
  return { name, asOfMs: Date.parse(asOf), ...known, note: words };
}

const tags = ['signals'];

const report = createRoute({
  method: 'post',
  path: '/api/v1/readings',
  tags,
  summary: 'Report what was read of signals outside',
  description: `Each reading is taken by itself. One that is not newer than what is there already is not stored, nor is one of the
future; the answer says so for each, in their order.`,
  request: {
    body: {
      content: { 'application/json': { schema: z.strictObject({ readings: z.array(reported).min(1).max(1000) }) } },
      required: true,
    },
  },
  responses: {
    200: json(
      z.object({
        results: z.array(
          z.object({
            signal: readingKey,
            stored: z.boolean(),
            detail: z.string().optional().openapi({ description: 'Why it was not stored.' }),
          }),
        ),
      }),
      'What became of each.',
    ),
    ...refusals,
  },
});

const own = createRoute({
  method: 'post',
  path: '/api/v1/readings/own',
  tags,
  summary: 'Have the server read its own counters, and write down what they say',
  description: 'One that is of the same time as the reading before is answered and not written down again.',
  request: {
    body: {
      content: {
        'application/json': {
          schema: z.strictObject({
            signals: z
              .array(
                z
                  .preprocess((given) => given, ownQuery)
                  .openapi('OwnSignalQuery', {
                    type: 'object',
                    description:
                      'Exactly one of `uptake`, `offers`, `checks`, `events` and `crashes`: docs/signals.md.',
                    example: { uptake: { product: 'Firefox', channel: 'release', version: '2.0', as: 'percent' } },
                  }),
              )
              .min(1)
              .max(1000),
          }),
        },
      },
      required: true,
    },
  },
  responses: {
    200: json(z.object({ readings: z.array(storedReading) }), 'The readings, in the order asked.'),
    ...refusals,
  },
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/readings',
  tags,
  summary: 'What was read of a signal, the newest first',
  request: {
    query: z.strictObject({
      signal: readingKey.min(1).max(2000),
      from: moment.optional().openapi({ type: 'string', description: 'Of this moment or later.' }),
      ...paging,
    }),
  },
  responses: { 200: json(z.object({ readings: z.array(storedReading), next }), 'A page.'), ...refusals },
});
