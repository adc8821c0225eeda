import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { makeSignInLink } from '../../app/sign-in/make-sign-in-link.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { instant, instantOf, json, refusals, textOf } from './schemas.ts';
import { mayAdminister, refuseStronger } from './whose-credentials.ts';

/** One-time links with which a user signs in who cannot otherwise. */
export const addSignInLinkRoutes: AddRoutes = (api, app) => {
  api.openapi(make, async (c) => {
    const caller = c.get('caller');
    const { user } = c.req.valid('json');
    await atMoment(app.changing, async ({ current }) => {
      if (!mayAdminister(current, caller)) {
        throw new Problem('not-allowed', `${caller.principal.name} may not let others in: that needs administer`);
      }
      const meant = { kind: 'user', name: user } as const;
      refuseStronger(current, caller, meant);
      // Whoever signs in as somebody signs off as them.
      if (current.access.isSignerOver(meant, [{}])) {
        throw new Problem(
          'not-allowed',
          `${user} holds a role that signs: only sluice sign-in-link makes a link for them`,
        );
      }
    });
    const { link, secret } = await makeSignInLink(app.changing.store, { user, by: textOf(caller) }, app.nowMs());
    const url = `${app.origin()}/sign-in/link?secret=${secret}`;
    return c.json({ id: link.id, user, secret, url, expiresAt: instantOf(link.expiresAtMs) }, 201);
  });
};

const linkInput = z.strictObject({ user: z.string().min(1).max(200) }).openapi('SignInLinkInput');

const made = z
  .object({
    id: z.string(),
    user: z.string(),
    secret: z.string(),
    url: z.string().openapi({ description: 'For the user to open, once and within an hour.' }),
    expiresAt: instant,
  })
  .openapi('SignInLink');

const make = createRoute({
  method: 'post',
  path: '/api/v1/sign-in-links',
  tags: ['access'],
  summary: 'Make a one-time link for a user to sign in with',
  description: 'The secret is shown this once, so an Idempotency-Key is not heeded.',
  request: { body: { content: { 'application/json': { schema: linkInput } }, required: true } },
  responses: { 201: json(made, 'The link.'), ...refusals },
});
