import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { listSignals } from '../../app/readings/list-signals.ts';
import type { AddRoutes } from './api-env.ts';
import { objectCursor, objectPaging, readObjectCursor } from './object-cursor.ts';
import { json, next, refusals } from './schemas.ts';

/** What there is to be read outside, for whoever reads it. */
export const addSignalRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = cursor === undefined ? undefined : readObjectCursor(cursor, 1).after.name;
    const body = await atMoment(app.changing, async (moment) => {
      const found = listSignals(moment, c.get('caller'), { after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return {
        signals: page.map(({ name, version, body: said }) => ({ name, version, body: { ...(said as object) } })),
        ...(last !== undefined && { next: objectCursor([moment.current.mark.revision], last) }),
      };
    });
    return c.json(body, 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/signals',
  tags: ['signals'],
  summary: 'Signals that are read outside, by name',
  description: 'Those that the caller may report or see. A secret stands there by its name only.',
  request: { query: z.strictObject(objectPaging) },
  responses: {
    200: json(
      z.object({
        signals: z.array(
          z
            .object({
              name: z.string().openapi({ example: 'crash-rate' }),
              version: z.int(),
              body: z
                .record(z.string(), z.unknown())
                .openapi({ description: 'What to read and how: docs/objects.md.' }),
            })
            .openapi('Signal'),
        ),
        next,
      }),
      'A page.',
    ),
    ...refusals,
  },
});
