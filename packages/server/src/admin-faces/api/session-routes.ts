import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { listCredentials, type ShownCredential } from '../../app/sign-in/list-credentials.ts';
import { revokeAllOf } from '../../app/sign-in/revoke-all-of.ts';
import { revokeCredential } from '../../app/sign-in/revoke-credential.ts';
import { principalText } from '../../principal.ts';
import type { AddRoutes } from './api-env.ts';
import { credentialId, presentCredential, principalInput, sessionBody } from './credential-schemas.ts';
import { json, next, paging, refusals, textOf } from './schemas.ts';
import { mayAdminister, ownerMeant, refuseLimited } from './whose-credentials.ts';

type ShownSession = Extract<ShownCredential, { readonly kind: 'session' }>;

/** Sessions, one's own and, for administrators, others'. */
export const addSessionRoutes: AddRoutes = (api, app) => {
  const { changing } = app;

  api.openapi(list, async (c) => {
    const caller = c.get('caller');
    const { owner, limit, cursor } = c.req.valid('query');
    const meant = await atMoment(changing, async ({ current }) => ownerMeant(current, caller, owner));
    const after = cursor === undefined ? {} : { after: cursor };
    const query = { kind: 'session', owner: principalText(meant), limit: limit + 1, ...after } as const;
    const found = (await listCredentials(changing.store, query)) as readonly ShownSession[];
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const sessions = page.map((session) => ({
      ...presentCredential(session),
      agent: session.agent,
      current: session.id === caller.credentialId,
    }));
    return c.json({ sessions, ...(last !== undefined && { next: last.id }) }, 200);
  });

  api.openapi(end, async (c) => {
    const caller = c.get('caller');
    refuseLimited(caller);
    const { id } = c.req.valid('param');
    const anybodys = await atMoment(changing, async ({ current }) => mayAdminister(current, caller));
    const by = textOf(caller);
    await revokeCredential(changing.store, { id, kind: 'session', owner: anybodys ? undefined : by, by }, app.nowMs());
    return c.body(null, 204);
  });

  api.openapi(endAll, async (c) => {
    const caller = c.get('caller');
    const { owner } = c.req.valid('query');
    const meant = await atMoment(changing, async ({ current }) => ownerMeant(current, caller, owner));
    const all = { kind: 'session', owner: principalText(meant), by: textOf(caller) } as const;
    return c.json({ revoked: await revokeAllOf(changing.store, all, app.nowMs()) }, 200);
  });
};

const list = createRoute({
  method: 'get',
  path: '/api/v1/sessions',
  tags: ['access'],
  summary: 'Sessions of browsers',
  request: { query: z.strictObject({ owner: principalInput.optional(), ...paging }) },
  responses: { 200: json(z.object({ sessions: z.array(sessionBody), next }), 'A page.'), ...refusals },
});

const end = createRoute({
  method: 'delete',
  path: '/api/v1/sessions/{id}',
  tags: ['access'],
  summary: 'End a session',
  request: { params: credentialId },
  responses: { 204: { description: 'It lets nobody in any more, within a second on every node.' }, ...refusals },
});

const endAll = createRoute({
  method: 'delete',
  path: '/api/v1/sessions',
  tags: ['access'],
  summary: 'End all sessions of a user, one’s own unless said',
  request: { query: z.strictObject({ owner: principalInput.optional() }) },
  responses: { 200: json(z.object({ revoked: z.int() }), 'How many there were.'), ...refusals },
});
