import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { factsOf } from '../../app/changes/facts-of.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { isOpen } from '../../app/changes/transitions.ts';
import { liesAt } from '../../app/history/lies-at.ts';
import { scan } from '../../app/history/scan.ts';
import { type ChangeSummary, changeStates } from '../../change.ts';
import { moment } from '../../kinds/fields.ts';
import { Problem } from '../../problem.ts';
import { reachAt } from '../../reach.ts';
import type { ChangeQuery } from '../../store.ts';
import type { AddRoutes } from './api-env.ts';
import { placeParams, repeatable } from './asked-of.ts';
import { auditEntry, presentEntry } from './audit-schemas.ts';
import { beforeCursor } from './before-cursor.ts';
import { changeBody, changeId, changeList } from './change-schemas.ts';
import { presentChange, presentSummary } from './present-change.ts';
import { json, kindName, next, paging, refusals } from './schemas.ts';
import { isVisible, refuseUnseen } from './visible-change.ts';

/** Looking changes up. */
export const addChangeListRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { state, proposer, kind, name, product, channel, updatedFrom, limit, cursor } = c.req.valid('query');
    if (name !== undefined && kind === undefined) throw new Problem('usage', 'name goes with kind');
    const query: Omit<ChangeQuery, 'limit' | 'before'> = {
      ...(state !== undefined && { states: state }),
      ...(proposer !== undefined && { proposer }),
      ...(updatedFrom !== undefined && { updatedFromMs: Date.parse(updatedFrom) }),
      ...(kind !== undefined && (name === undefined ? { kind } : { object: { kind, name } })),
    };
    const at = reachAt(product, channel);
    const isAnywhere = product === undefined && channel === undefined;
    const caller = c.get('caller');
    const { found, next } = await atMoment(app.changing, ({ tx, current }) =>
      scan<ChangeSummary, number>({
        page: (before, size) => tx.changes({ ...query, ...(before !== undefined && { before }), limit: size }),
        placeOf: ({ id }) => id,
        isWanted: (change) => isVisible(current, caller, change) && (isAnywhere || liesAt(change.reaches, at)),
        after: beforeCursor(cursor).before,
        limit,
      }),
    );
    return c.json({ changes: found.map(presentSummary), ...(next !== undefined && { next: String(next) }) }, 200);
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    const [change, facts] = await atMoment(app.changing, async (moment) => {
      const found = await findChange(moment.tx, id);
      refuseUnseen(moment.current, c.get('caller'), found);
      return [found, isOpen(found.state) ? await factsOf(moment, found) : undefined] as const;
    });
    c.header('ETag', `"${change.version}"`);
    return c.json(presentChange(change, facts), 200);
  });

  api.openapi(history, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const entries = await atMoment(app.changing, async ({ tx, current }) => {
      refuseUnseen(current, c.get('caller'), await findChange(tx, id));
      return tx.audit({ change: id, limit: limit + 1, ...beforeCursor(cursor) });
    });
    const page = entries.slice(0, limit);
    const last = entries.length > limit ? page.at(-1) : undefined;
    return c.json({ entries: page.map(presentEntry), ...(last !== undefined && { next: String(last.seq) }) }, 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/changes',
  tags: ['changes'],
  summary: 'Changes, the newest first',
  description: 'Those that the caller may see. A page may be short, or empty, and have a `next` all the same.',
  request: {
    query: z.strictObject({
      state: repeatable(z.array(z.enum(changeStates)))
        .optional()
        .openapi({
          type: 'array',
          items: { type: 'string', enum: [...changeStates] },
          description: 'In these states only; may be repeated.',
        }),
      proposer: z.string().min(1).max(250).optional().openapi({ example: 'user:ada@example.org' }),
      ...placeParams,
      kind: kindName.optional(),
      name: z
        .string()
        .min(1)
        .max(1000)
        .optional()
        .openapi({ description: 'Those that edit this object; goes with `kind`.' }),
      updatedFrom: moment.optional().openapi({
        type: 'string',
        description: 'Those that were altered at this moment or later.',
        example: '2026-12-01T10:00:00Z',
      }),
      ...paging,
    }),
  },
  responses: { 200: json(changeList, 'A page.'), ...refusals },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}',
  tags: ['changes'],
  summary: 'One change, with what is true of it now',
  request: { params: changeId },
  responses: { 200: json(changeBody, 'The change; its version is the ETag.'), ...refusals },
});

const history = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/history',
  tags: ['changes'],
  summary: 'What was done with a change, the newest first',
  request: { params: changeId, query: z.strictObject(paging) },
  responses: {
    200: json(z.object({ entries: z.array(auditEntry), next }), 'Its entries of the audit log.'),
    ...refusals,
  },
});
