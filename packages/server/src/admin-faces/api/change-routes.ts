import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiApp } from '../../api-app.ts';
import type { Acted } from '../../app/changes/acted.ts';
import { refuseClaimed } from '../../app/changes/claim-changes.ts';
import type { Desk } from '../../app/changes/desk.ts';
import { editChange } from '../../app/changes/edit-change.ts';
import { enactChange } from '../../app/changes/enact-change.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { proposeChange } from '../../app/changes/propose-change.ts';
import { revertChange } from '../../app/changes/revert-change.ts';
import { signOffChange } from '../../app/changes/sign-off-change.ts';
import { submitDraft } from '../../app/changes/submit-draft.ts';
import { vetoChange } from '../../app/changes/veto-change.ts';
import { withdrawSignOff } from '../../app/changes/withdraw-sign-off.ts';
import type { Change } from '../../change.ts';
import { answerOnce, expectedVersionOf, type NeedsVersion } from './answer-once.ts';
import type { AddRoutes, ApiEnv } from './api-env.ts';
import { changeBody, changeId, changeInput, changeRewriting, claimHolder } from './change-schemas.ts';
import { presentActed } from './present-acted.ts';
import { headersOf, json, refusals } from './schemas.ts';
import { refuseUnlessAllowed, refuseUnseen } from './visible-change.ts';

const answered = { 200: json(changeBody, 'The change as it is now.'), ...refusals } as const;
const nothing = z.strictObject({});
const why = z.strictObject({ reason: z.string().trim().min(1).max(2000) });

/** Everything that is done to changes. */
export const addChangeRoutes: AddRoutes = (api, app) => {
  api.openapi(propose, async (c) => {
    const input = c.req.valid('json');
    const { body, version } = await answerOnce(c, app, async (desk) =>
      presentActed(desk, await proposeChange(desk, input), 201),
    );
    c.header('Location', `/api/v1/changes/${body.id}`);
    c.header('ETag', `"${version}"`);
    return c.json(body, 201);
  });
  api.openapi(edit, async (c) => {
    const rewriting = c.req.valid('json');
    return act(c, app, c.req.valid('param'), 'needed', (desk, change) => editChange(desk, change, rewriting));
  });
  api.openapi(actRoute('submit', 'Put a draft up for sign-off', nothing), (c) =>
    act(c, app, c.req.valid('param'), 'heeded', submitDraft),
  );
  api.openapi(
    actRoute('sign-off', 'Give your sign-off', z.strictObject({ role: z.string().max(40).optional() })),
    (c) => {
      const { role } = c.req.valid('json');
      return act(c, app, c.req.valid('param'), 'needed', (desk, change) => signOffChange(desk, change, role));
    },
  );
  api.openapi(actRoute('withdraw-sign-off', 'Take your sign-off back', nothing), (c) =>
    act(c, app, c.req.valid('param'), 'heeded', withdrawSignOff),
  );
  api.openapi(actRoute('veto', 'Stop it for good', why), (c) => {
    const { reason } = c.req.valid('json');
    return act(c, app, c.req.valid('param'), 'heeded', (desk, change) => vetoChange(desk, change, reason));
  });
  api.openapi(actRoute('revert', 'Propose what takes it back', why), (c) => {
    const { reason } = c.req.valid('json');
    return act(c, app, c.req.valid('param'), 'heeded', (desk, change) => revertChange(desk, change, reason));
  });
  api.openapi(actRoute('enact', 'Make its edits real', z.strictObject({ holder: claimHolder.optional() })), (c) => {
    const { holder } = c.req.valid('json');
    return act(c, app, c.req.valid('param'), 'heeded', async (desk, change) => {
      refuseUnlessAllowed(desk.current, desk.caller, 'enact', change);
      await refuseClaimed(desk, change, holder);
      return enactChange(desk, change);
    });
  });
};

const propose = createRoute({
  method: 'post',
  path: '/api/v1/changes',
  tags: ['changes'],
  summary: 'Propose a change',
  request: {
    headers: headersOf('idempotency-key'),
    body: { content: { 'application/json': { schema: changeInput } }, required: true },
  },
  responses: { 201: json(changeBody, 'The change; enacted already when nothing had to be waited for.'), ...refusals },
});

const edit = createRoute({
  method: 'patch',
  path: '/api/v1/changes/{id}',
  tags: ['changes'],
  summary: 'Edit a change that is not over',
  request: {
    params: changeId,
    headers: headersOf('if-match', 'idempotency-key'),
    body: { content: { 'application/json': { schema: changeRewriting } }, required: true },
  },
  responses: answered,
});

function actRoute<const Act extends string, Input extends z.ZodType>(name: Act, summary: string, input: Input) {
  return createRoute({
    method: 'post',
    path: `/api/v1/changes/{id}/${name}` as const,
    tags: ['changes'],
    summary,
    request: {
      params: changeId,
      headers: headersOf('if-match', 'idempotency-key'),
      body: { content: { 'application/json': { schema: input } }, required: true },
    },
    responses: answered,
  });
}

async function act(
  c: Context<ApiEnv>,
  app: ApiApp,
  { id }: { readonly id: number },
  needs: NeedsVersion,
  work: (desk: Desk, change: Change) => Promise<Acted>,
) {
  const expected = expectedVersionOf(c, needs);
  const { body, version } = await answerOnce(c, app, async (desk) => {
    const change = await findChange(desk.tx, id);
    refuseUnseen(desk.current, desk.caller, change);
    return presentActed(desk, await work(desk, await findChange(desk.tx, id, expected)), 200);
  });
  c.header('ETag', `"${version}"`);
  return c.json(body, 200);
}
