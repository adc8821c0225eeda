import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiApp } from '../../api-app.ts';
import type { Desk } from '../../app/changes/desk.ts';
import { type Chain, findChain } from '../../app/changes/find-chain.ts';
import { type ActedChain, proposeChain } from '../../app/changes/propose-chain.ts';
import { rampSteps } from '../../app/changes/ramp-steps.ts';
import { signOffChain } from '../../app/changes/sign-off-chain.ts';
import { vetoChain } from '../../app/changes/veto-chain.ts';
import { withdrawChainSignOff } from '../../app/changes/withdraw-chain-sign-off.ts';
import { answerOnce, expectedVersionOf, type NeedsVersion } from './answer-once.ts';
import type { AddRoutes, ApiEnv } from './api-env.ts';
import { chainBody, chainInput } from './chain-schemas.ts';
import { changeId, reason } from './change-schemas.ts';
import { presentActedChain } from './present-chain.ts';
import { headersOf, json, refusals } from './schemas.ts';
import { refuseUnseenChain } from './visible-change.ts';

/** Everything that is done to chains as a whole. */
export const addChainRoutes: AddRoutes = (api, app) => {
  api.openapi(propose, async (c) => {
    const { steps = [], ramp, ...whole } = c.req.valid('json');
    const { body, version } = await answerOnce(c, app, async (desk) => {
      const all = ramp === undefined ? steps : rampSteps(desk, ramp);
      return presentActedChain(desk, await proposeChain(desk, { ...whole, steps: all }), 201);
    });
    c.header('Location', `/api/v1/chains/${body.id}`);
    c.header('ETag', `"${version}"`);
    return c.json(body, 201);
  });
  api.openapi(
    actRoute(
      'sign-off',
      'Sign all steps that are still to come',
      z.strictObject({ role: z.string().max(40).optional() }),
    ),
    (c) => {
      const { role } = c.req.valid('json');
      return act(c, app, c.req.valid('param'), 'needed', (desk, chain) => signOffChain(desk, chain, role));
    },
  );
  api.openapi(actRoute('withdraw-sign-off', 'Take your sign-offs back', z.strictObject({})), (c) =>
    act(c, app, c.req.valid('param'), 'heeded', withdrawChainSignOff),
  );
  api.openapi(actRoute('veto', 'Stop all steps that are still to come', z.strictObject({ reason })), (c) => {
    const { reason: why } = c.req.valid('json');
    return act(c, app, c.req.valid('param'), 'heeded', (desk, chain) => vetoChain(desk, chain, why));
  });
};

const propose = createRoute({
  method: 'post',
  path: '/api/v1/chains',
  tags: ['chains'],
  summary: 'Propose a chain of changes, each of which waits for the one before',
  request: {
    headers: headersOf('idempotency-key'),
    body: { content: { 'application/json': { schema: chainInput } }, required: true },
  },
  responses: { 201: json(chainBody, 'The chain. Its version is the ETag.'), ...refusals },
});

function actRoute<const Act extends string, Input extends z.ZodType>(name: Act, summary: string, input: Input) {
  return createRoute({
    method: 'post',
    path: `/api/v1/chains/{id}/${name}` as const,
    tags: ['chains'],
    summary,
    request: {
      params: changeId,
      headers: headersOf('if-match', 'idempotency-key'),
      body: { content: { 'application/json': { schema: input } }, required: true },
    },
    responses: { 200: json(chainBody, 'The chain as it is now.'), ...refusals },
  });
}

async function act(
  c: Context<ApiEnv>,
  app: ApiApp,
  { id }: { readonly id: number },
  needs: NeedsVersion,
  work: (desk: Desk, chain: Chain) => Promise<ActedChain>,
) {
  const expected = expectedVersionOf(c, needs);
  const { body, version } = await answerOnce(c, app, async (desk) => {
    refuseUnseenChain(desk.current, desk.caller, await findChain(desk.tx, id));
    return presentActedChain(desk, await work(desk, await findChain(desk.tx, id, expected)), 200);
  });
  c.header('ETag', `"${version}"`);
  return c.json(body, 200);
}
