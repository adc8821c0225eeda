import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { actions, scopes } from '../../permission.ts';
import type { AddRoutes } from './api-env.ts';
import { json, kindName, refusals, textOf } from './schemas.ts';

const permission = z
  .object({
    actions: z.array(z.enum(actions)),
    kinds: z.array(kindName).optional().openapi({ description: 'Absent for all.' }),
    products: z.array(z.string()).optional().openapi({ description: 'Globs; absent for all.' }),
    channels: z.array(z.string()).optional().openapi({ description: 'Globs; absent for all.' }),
  })
  .openapi('Permission');

const me = z
  .object({
    principal: z.string().openapi({ example: 'user:ada@example.org' }),
    roles: z.array(z.string()),
    permissions: z.array(permission),
    scopes: z
      .array(z.enum(scopes))
      .optional()
      .openapi({ description: 'What the token is limited to; absent where it is not.' }),
    csrf: z.string().optional().openapi({ description: 'Of a session: what X-Sluice-CSRF must say.' }),
  })
  .openapi('Me');

/** Who asks. */
export const addMeRoute: AddRoutes = (api, app) => {
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const { principal, scopes: limits, csrf } = caller;
    const access = await atMoment(app.changing, async ({ current }) => current.access);
    const permissions = access.permissionsOf(principal).map(({ actions: allowed, kinds, products, channels }) => ({
      actions: [...allowed],
      ...(kinds !== undefined && { kinds: [...kinds] }),
      ...(products !== undefined && { products: [...products] }),
      ...(channels !== undefined && { channels: [...channels] }),
    }));
    const body = {
      principal: textOf(caller),
      roles: [...access.rolesOf(principal)],
      permissions,
      ...(limits !== undefined && { scopes: [...limits] }),
      ...(csrf !== undefined && { csrf }),
    };
    return c.json(body, 200);
  });
};

const route = createRoute({
  method: 'get',
  path: '/api/v1/me',
  tags: ['access'],
  summary: 'Who asks, and what they may do',
  responses: { 200: json(me, 'What grants and roles allow; of that a token may be limited to less.'), ...refusals },
});
