import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { listCredentials, type ShownCredential } from '../../app/sign-in/list-credentials.ts';
import { makeToken } from '../../app/sign-in/make-token.ts';
import { revokeCredential } from '../../app/sign-in/revoke-credential.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { credentialId, presentCredential, principalInput, scopesInput, tokenBody } from './credential-schemas.ts';
import { json, next, paging, refusals, textOf } from './schemas.ts';
import { mayAdminister, ownerMeant, refuseLimited, refuseStronger } from './whose-credentials.ts';

type ShownToken = Extract<ShownCredential, { readonly kind: 'token' }>;

/** Tokens, one's own and, for administrators, others'. */
export const addTokenRoutes: AddRoutes = (api, app) => {
  const { changing } = app;

  api.openapi(list, async (c) => {
    const { owner, limit, cursor } = c.req.valid('query');
    const meant = await atMoment(changing, async ({ current }) => ownerMeant(current, c.get('caller'), owner));
    const after = cursor === undefined ? {} : { after: cursor };
    const query = { kind: 'token', owner: principalText(meant), limit: limit + 1, ...after } as const;
    const found = (await listCredentials(changing.store, query)) as readonly ShownToken[];
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return c.json({ tokens: page.map(present), ...(last !== undefined && { next: last.id }) }, 200);
  });

  api.openapi(make, async (c) => {
    const caller = c.get('caller');
    const { name, owner: wanted, scopes, expiresAt } = c.req.valid('json');
    const owner = await atMoment(changing, async ({ current }) => {
      const meant = ownerMeant(current, caller, wanted);
      if (meant === caller.principal) return meant;
      if (meant.kind === 'user') throw new Problem('not-allowed', 'only a user themself makes tokens that act as them');
      refuseStronger(current, caller, meant);
      return meant;
    });
    const by = textOf(caller);
    const wish = { name, owner, scopes, expiresAtMs: Date.parse(expiresAt), by, within: caller.scopes };
    const { token, secret } = await makeToken(changing.store, wish, app.nowMs());
    return c.json({ ...present(token), secret }, 201);
  });

  api.openapi(revoke, async (c) => {
    const caller = c.get('caller');
    const { id } = c.req.valid('param');
    // Whoever has found a token may at least make it useless.
    if (id !== caller.credentialId) refuseLimited(caller);
    const anybodys = await atMoment(changing, async ({ current }) => mayAdminister(current, caller));
    const by = textOf(caller);
    await revokeCredential(changing.store, { id, kind: 'token', owner: anybodys ? undefined : by, by }, app.nowMs());
    return c.body(null, 204);
  });
};

function present(token: Omit<ShownToken, 'kind'>): z.output<typeof tokenBody> {
  const { name, scopes } = token;
  return { ...presentCredential(token), name, ...(scopes !== undefined && { scopes: [...scopes] }) };
}

const list = createRoute({
  method: 'get',
  path: '/api/v1/tokens',
  tags: ['access'],
  summary: 'Tokens, without their secrets',
  request: { query: z.strictObject({ owner: principalInput.optional(), ...paging }) },
  responses: { 200: json(z.object({ tokens: z.array(tokenBody), next }), 'A page.'), ...refusals },
});

const tokenInput = z
  .strictObject({
    name: z.string().max(1000).openapi({ description: 'For people to know it by.' }),
    owner: principalInput.optional().openapi({ description: 'Oneself unless said; else a service account.' }),
    scopes: scopesInput.optional().openapi({ description: 'What it is limited to, of what its owner may do.' }),
    expiresAt: z.iso.datetime({ offset: true }).openapi({ description: 'At most 400 days from now.' }),
  })
  .openapi('TokenInput');

const make = createRoute({
  method: 'post',
  path: '/api/v1/tokens',
  tags: ['access'],
  summary: 'Make a token',
  description: 'The secret is shown this once, so an Idempotency-Key is not heeded.',
  request: { body: { content: { 'application/json': { schema: tokenInput } }, required: true } },
  responses: {
    201: json(tokenBody.extend({ secret: z.string() }).openapi('MadeToken'), 'The token with its secret.'),
    ...refusals,
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/api/v1/tokens/{id}',
  tags: ['access'],
  summary: 'Revoke a token',
  request: { params: credentialId },
  responses: { 204: { description: 'It lets nobody in any more, within a second on every node.' }, ...refusals },
});
