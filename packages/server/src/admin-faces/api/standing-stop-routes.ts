import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { findVersion } from '../../app/history/find-version.ts';
import { listObjects } from '../../app/history/list-objects.ts';
import type { AddRoutes } from './api-env.ts';
import { objectCursor, objectPaging, readObjectCursor } from './object-cursor.ts';
import { presentNote } from './object-schemas.ts';
import { instant, json, next, refusals } from './schemas.ts';

/** The emergency stops that hold now. */
export const addStandingStopRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const caller = c.get('caller');
    const place = cursor === undefined ? undefined : readObjectCursor(cursor, 1);
    const body = await atMoment(app.changing, async (moment) => {
      // A list of what is stopped is of now, or it could say that something is stopped that goes on again.
      const { revision } = moment.current.mark;
      const search = { revision, kinds: ['emergency-stop'], after: place?.after, limit } as const;
      const { found, next } = await listObjects(moment, caller, search);
      const stops: z.output<typeof standingStop>[] = [];
      for (const { kind, name, version, body } of found) {
        const note = presentNote(await findVersion(moment, caller, { kind, name }, version));
        stops.push({ name, version, body: { ...(body as z.output<typeof held>) }, ...note });
      }
      return { stops, ...(next !== undefined && { next: objectCursor([revision], next) }) };
    });
    return c.json(body, 200);
  });
};

const held = z.object({
  product: z.string(),
  channel: z.string().optional(),
  platform: z.string().optional(),
  version: z.string().optional(),
  locale: z.string().optional(),
  comment: z.string().optional(),
});

const standingStop = z
  .object({
    name: z.string(),
    version: z.int().openapi({ description: 'The version of the object, for the change that deletes it.' }),
    body: held,
    revision: z.int(),
    at: instant,
    by: z.string(),
    reason: z.string(),
    change: z.int().optional(),
  })
  .openapi('StandingStop');

const list = createRoute({
  method: 'get',
  path: '/api/v1/stops',
  tags: ['stops'],
  summary: 'What is stopped now, since when, by whom and why',
  request: { query: z.strictObject(objectPaging) },
  responses: { 200: json(z.object({ stops: z.array(standingStop), next }), 'A page.'), ...refusals },
});
