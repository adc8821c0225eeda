import { createRoute, z } from '@hono/zod-openapi';
import { chainState } from '../../app/changes/chain-state.ts';
import { atMoment } from '../../app/changes/desk.ts';
import { explainChain } from '../../app/changes/explain-chain.ts';
import { type Chain, findChain } from '../../app/changes/find-chain.ts';
import { scan } from '../../app/history/scan.ts';
import type { ChangeSummary } from '../../change.ts';
import type { AddRoutes } from './api-env.ts';
import { repeatable } from './asked-of.ts';
import { beforeCursor } from './before-cursor.ts';
import { chainBody, chainList, chainStates } from './chain-schemas.ts';
import { changeId } from './change-schemas.ts';
import { presentChain, presentChainHead } from './present-chain.ts';
import { json, paging, refusals } from './schemas.ts';
import { isVisible, refuseUnseenChain } from './visible-change.ts';

/** Looking chains up. */
export const addChainListRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const caller = c.get('caller');
    const { found, next } = await atMoment(app.changing, async ({ tx, current }) => {
      const chains = new Map<number, Chain>();
      const page = await scan<ChangeSummary, number>({
        page: (before, size) => tx.changes({ ...(before !== undefined && { before }), limit: size }),
        placeOf: ({ id }) => id,
        costOf: ({ chain }) => (chain?.step === 1 ? chain.of : 1),
        isWanted: async (change) => {
          if (change.chain?.step !== 1 || !isVisible(current, caller, change)) return false;
          const chain = await findChain(tx, change.id);
          chains.set(chain.id, chain);
          if (state !== undefined && !state.includes(chainState(chain))) return false;
          return chain.steps.every((step) => isVisible(current, caller, step));
        },
        after: beforeCursor(cursor).before,
        limit,
      });
      return { found: page.found.flatMap(({ id }) => chains.get(id) ?? []), next: page.next };
    });
    return c.json({ chains: found.map(presentChainHead), ...(next !== undefined && { next: String(next) }) }, 200);
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    const explained = await atMoment(app.changing, async (moment) => {
      const chain = await findChain(moment.tx, id);
      refuseUnseenChain(moment.current, c.get('caller'), chain);
      return explainChain(moment, chain);
    });
    c.header('ETag', `"${explained.chain.version}"`);
    return c.json(presentChain(explained), 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/chains',
  tags: ['chains'],
  summary: 'Chains, the newest first',
  description:
    'Those of which the caller may see every step. A page may be short, or empty, and have a `next` all the same.',
  request: {
    query: z.strictObject({
      state: repeatable(z.array(chainStates))
        .optional()
        .openapi({
          type: 'array',
          items: { type: 'string', enum: [...chainStates.options] },
          description: 'In these states only; may be repeated.',
        }),
      ...paging,
    }),
  },
  responses: { 200: json(chainList, 'A page.'), ...refusals },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/chains/{id}',
  tags: ['chains'],
  summary: 'One chain: its steps, which comes next, what that waits for, and how things stay if it is stopped',
  request: { params: changeId },
  responses: { 200: json(chainBody, 'The chain. Its version is the ETag.'), ...refusals },
});
