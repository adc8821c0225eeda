import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { scan } from '../../app/history/scan.ts';
import { sightOf } from '../../app/history/sight.ts';
import { kindNames } from '../../kind.ts';
import type { CommitHeader } from '../../store.ts';
import type { AddRoutes } from './api-env.ts';
import { wholeNumber } from './asked-of.ts';
import { beforeCursor } from './before-cursor.ts';
import { commitHeader, presentNote } from './object-schemas.ts';
import { json, next, paging, refusals } from './schemas.ts';
import { isVisible } from './visible-change.ts';

/** The revisions. */
export const addCommitRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { before, limit, cursor } = c.req.valid('query');
    const caller = c.get('caller');
    const { found, next } = await atMoment(app.changing, (moment) => {
      const { tx, current } = moment;
      const sight = sightOf(moment, caller);
      const seesAll = kindNames.every((kind) => sight.seesAll(kind));
      return scan<CommitHeader, number>({
        page: (from, size) => tx.commits({ ...(from !== undefined && { before: from }), limit: size }),
        placeOf: ({ revision }) => revision,
        async isWanted({ revision }) {
          if (seesAll) return true;
          // What was committed before there were changes is told to whoever may see everything.
          const change = await tx.changeAt(revision);
          return change !== undefined && isVisible(current, caller, change);
        },
        after: beforeCursor(cursor).before ?? before,
        limit,
      });
    });
    return c.json({ commits: found.map(presentNote), ...(next !== undefined && { next: String(next) }) }, 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/commits',
  tags: ['configuration'],
  summary: 'Revisions: who made them, when and why, the newest first',
  description: 'Those whose changes the caller may see. A page may be short, or empty, and have a `next` all the same.',
  request: {
    query: z.strictObject({
      before: wholeNumber(1).optional().openapi({ description: 'Revisions below this one only.' }),
      ...paging,
    }),
  },
  responses: { 200: json(z.object({ commits: z.array(commitHeader), next }), 'A page.'), ...refusals },
});
