import { Hono } from 'hono';
import type { AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import type { ApiApp } from '../api-app.ts';
import type { openApi } from './api/open-api.ts';

/** All that people and programs alter and look up: `/api/v1`. */
export const api: AdminFace<'api', ApiApp> = {
  name: 'api',
  summary: 'the admin API: changes, objects, history, audit',
  authorisation: 'own',
  // Releases are a megabyte or so each, and a change may hold several.
  bodies: { under: '/api/v1/', longest: 32 * 1024 * 1024 },
  open: openWhenAsked,
};

/** Its routes and their schemas take as long to load as all the rest of a node, which need not wait for them to answer clients. */
function openWhenAsked(app: ApiApp): AdminRoutes {
  let opening: Promise<ReturnType<typeof openApi>> | undefined;
  const routes: AdminRoutes = new Hono<AdminEnv>();
  // Whoever asks for what is not there is not sent on to where the admin token is wanted.
  routes.all('/api/v1/*', async (c) => {
    opening ??= import('./api/open-api.ts').then((whole) => whole.openApi(app));
    return (await opening).fetch(c.req.raw, c.env);
  });
  return routes;
}
