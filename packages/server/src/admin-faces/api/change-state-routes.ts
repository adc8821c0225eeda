import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { scan } from '../../app/history/scan.ts';
import { type Change, type ChangeSummary, changeStates } from '../../change.ts';
import { moment } from '../../kinds/fields.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { repeatable, wholeNumber } from './asked-of.ts';
import { beforeCursor } from './before-cursor.ts';
import { instant, instantOf, json, next, paging, refusals } from './schemas.ts';
import { mayWatch } from './visible-change.ts';

const state = z
  .object({ id: z.int(), version: z.int(), state: z.enum(changeStates), since: instant })
  .openapi('ChangeState');

/** What became of changes, for programs that keep up with them. */
export const addChangeStateRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { id: ids, updatedFrom, limit, cursor } = c.req.valid('query');
    if ((ids === undefined) === (updatedFrom === undefined))
      throw new Problem('usage', 'give either id or updatedFrom');
    const caller = c.get('caller');
    const { found, next } = await atMoment(app.changing, async ({ tx, current }) => {
      const isWanted = (change: Change | ChangeSummary) =>
        change.state !== 'draft' && mayWatch(current, caller, change);
      if (ids === undefined) {
        const updatedFromMs = Date.parse(updatedFrom ?? '');
        return scan<ChangeSummary, number>({
          page: (before, size) => tx.changes({ updatedFromMs, ...(before !== undefined && { before }), limit: size }),
          placeOf: ({ id }) => id,
          isWanted,
          after: beforeCursor(cursor).before,
          limit,
        });
      }
      const named = await Promise.all([...new Set(ids)].map((id) => tx.change(id)));
      return { found: named.filter((one) => one !== undefined).filter(isWanted), next: undefined };
    });
    const states = found.map(({ id, version, state, updatedAtMs }) => ({
      id,
      version,
      state,
      since: instantOf(updatedAtMs),
    }));
    return c.json({ states, ...(next !== undefined && { next: String(next) }) }, 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/changes/states',
  tags: ['changes'],
  summary: 'In which state changes are',
  description:
    'For agents and whoever else keeps up with changes: of those that the caller may see while they are pending, also when they are over.',
  request: {
    query: z.strictObject({
      id: repeatable(z.array(wholeNumber(1)).min(1).max(200))
        .optional()
        .openapi({ type: 'array', items: { type: 'integer' }, description: 'Of these; may be repeated.' }),
      updatedFrom: moment.optional().openapi({
        type: 'string',
        description: 'Of those that were altered at this moment or later.',
        example: '2026-12-01T10:00:00Z',
      }),
      ...paging,
    }),
  },
  responses: { 200: json(z.object({ states: z.array(state), next }), 'A page, the newest change first.'), ...refusals },
});
