import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { type EvidencePlace, readingsOfChange } from '../../app/readings/readings-of-change.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { changeId } from './change-schemas.ts';
import { presentReading, storedReading } from './reading-schemas.ts';
import { json, next, paging, refusals } from './schemas.ts';
import { refuseUnseen } from './visible-change.ts';

/** What was read of the signals for which a change waits. */
export const addEvidenceRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const { readings, next: rest } = await atMoment(app.changing, async ({ tx, current }) => {
      const change = await findChange(tx, id);
      refuseUnseen(current, c.get('caller'), change);
      return readingsOfChange(tx, change, { after, limit });
    });
    const more = rest === undefined ? {} : { next: `${rest.asOfMs}.${rest.signal}` };
    return c.json({ readings: readings.map(presentReading), ...more }, 200);
  });
};

function readCursor(cursor: string): EvidencePlace {
  const [, asOfMs, signal] = /^([1-9]\d{0,14})\.(\d{1,4})$/.exec(cursor) ?? [];
  if (signal === undefined) throw new Problem('usage', 'cursor: send the `next` of the page before');
  return { asOfMs: Number(asOfMs), signal: Number(signal) };
}

const list = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/evidence',
  tags: ['changes'],
  summary: 'What was read of its signals, the newest first',
  description:
    'Readings of all signals of its condition, since the condition is what it is and until the change ended.',
  request: { params: changeId, query: z.strictObject(paging) },
  responses: { 200: json(z.object({ readings: z.array(storedReading), next }), 'A page.'), ...refusals },
});
