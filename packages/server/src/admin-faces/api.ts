import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { AdminFace, AdminRoutes } from '../admin-face.ts';
import type { ApiApp } from '../api-app.ts';
import { mistakesOf } from '../place.ts';
import { problemOf } from '../problem.ts';
import type { AddRoutes, ApiEnv } from './api/api-env.ts';
import { addAuditRoutes } from './api/audit-routes.ts';
import { addChangeEventRoutes } from './api/change-event-routes.ts';
import { addChangeListRoutes } from './api/change-list-routes.ts';
import { addChangeRoutes } from './api/change-routes.ts';
import { addCommitRoutes } from './api/commit-routes.ts';
import { addConfigurationRoutes } from './api/configuration-routes.ts';
import { documentOf } from './api/document.ts';
import { addEvidenceRoutes } from './api/evidence-routes.ts';
import { letIn } from './api/let-in.ts';
import { addMeRoute } from './api/me-route.ts';
import { addObjectRoutes } from './api/object-routes.ts';
import { addPreviewRoutes } from './api/preview-routes.ts';
import { json, refusals } from './api/schemas.ts';
import { addSessionRoutes } from './api/session-routes.ts';
import { addSignInLinkRoutes } from './api/sign-in-link-routes.ts';
import { addStandingStopRoutes } from './api/standing-stop-routes.ts';
import { addStopRoutes } from './api/stop-routes.ts';
import { addTokenRoutes } from './api/token-routes.ts';

/** All that people and programs alter and look up: `/api/v1`. */
export const api: AdminFace<'api', ApiApp> = {
  name: 'api',
  summary: 'the admin API: changes, objects, history, audit',
  authorisation: 'own',
  // Releases are a megabyte or so each, and a change may hold several.
  bodies: { under: '/api/v1/', longest: 32 * 1024 * 1024 },
  open: openApi,
};

/** The parts of the API; each adds its routes. */
const parts: readonly AddRoutes[] = [
  addChangeRoutes,
  // Before what takes the name for the number of a change.
  addChangeEventRoutes,
  addChangeListRoutes,
  addObjectRoutes,
  addConfigurationRoutes,
  addCommitRoutes,
  addStandingStopRoutes,
  addAuditRoutes,
  addEvidenceRoutes,
  addPreviewRoutes,
  addStopRoutes,
  addMeRoute,
  addTokenRoutes,
  addSessionRoutes,
  addSignInLinkRoutes,
];

const documentRoute = createRoute({
  method: 'get',
  path: '/api/v1/openapi.json',
  tags: ['api'],
  summary: 'This document',
  security: [],
  responses: { 200: json(z.record(z.string(), z.unknown()), 'The API as OpenAPI 3.1 has it.'), ...refusals },
});

function openApi(app: ApiApp): AdminRoutes {
  const routes = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw problemOf('usage', mistakesOf(result.error, { at: result.target }));
    },
  });
  let document: object | undefined;
  routes.openapi(documentRoute, (c) => {
    document ??= documentOf(routes);
    return c.json(document as Record<string, unknown>, 200);
  });
  routes.use('/api/v1/*', letIn(app));
  for (const add of parts) add(routes, app);
  // Whoever asks for something else here is not sent on to where the admin token is wanted.
  routes.all('/api/v1/*', (c) => c.notFound());
  return routes as unknown as AdminRoutes;
}

/** The API as OpenAPI has it, without a server. */
export function apiDocument(): object {
  const routes = new OpenAPIHono<ApiEnv>();
  routes.openapi(documentRoute, (c) => c.json({}, 200));
  // What a route asks of the server it asks when somebody asks for the route.
  for (const add of parts) add(routes, {} as ApiApp);
  return documentOf(routes);
}
