import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiApp } from '../../api-app.ts';
import { statusResponse } from '../../http/admin-listener-problem.ts';
import { mistakesOf } from '../../place.ts';
import { problemOf } from '../../problem.ts';
import type { AddRoutes, ApiEnv } from './api-env.ts';
import { addAttemptRoutes } from './attempt-routes.ts';
import { addAuditRoutes } from './audit-routes.ts';
import { addChainListRoutes } from './chain-list-routes.ts';
import { addChainRoutes } from './chain-routes.ts';
import { addChangeEventRoutes } from './change-event-routes.ts';
import { addChangeListRoutes } from './change-list-routes.ts';
import { addChangeRoutes } from './change-routes.ts';
import { addChangeStateRoutes } from './change-state-routes.ts';
import { addClaimRoutes } from './claim-routes.ts';
import { addCommitRoutes } from './commit-routes.ts';
import { addConfigurationRoutes } from './configuration-routes.ts';
import { documentOf } from './document.ts';
import { addEvidenceRoutes } from './evidence-routes.ts';
import { letIn } from './let-in.ts';
import { addMeRoute } from './me-route.ts';
import { addNoticeRoutes } from './notice-routes.ts';
import { addObjectRoutes } from './object-routes.ts';
import { addPreviewRoutes } from './preview-routes.ts';
import { addReadingRoutes } from './reading-routes.ts';
import { json, refusals } from './schemas.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addSignInLinkRoutes } from './sign-in-link-routes.ts';
import { addSignalRoutes } from './signal-routes.ts';
import { addStandingStopRoutes } from './standing-stop-routes.ts';
import { addStopRoutes } from './stop-routes.ts';
import { addTokenRoutes } from './token-routes.ts';
import { addWhyRoutes } from './why-routes.ts';

/** The parts of the API; each adds its routes. */
const parts: readonly AddRoutes[] = [
  addChangeRoutes,
  // Before what takes the name for the number of a change.
  addChangeEventRoutes,
  addChangeStateRoutes,
  addChangeListRoutes,
  addChainRoutes,
  addChainListRoutes,
  addObjectRoutes,
  addConfigurationRoutes,
  addCommitRoutes,
  addStandingStopRoutes,
  addAuditRoutes,
  addEvidenceRoutes,
  addWhyRoutes,
  addReadingRoutes,
  addSignalRoutes,
  addClaimRoutes,
  addAttemptRoutes,
  addNoticeRoutes,
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

/** Opens all routes. What they throw is thrown, for whoever asks to answer. */
export function openApi(app: ApiApp): OpenAPIHono<ApiEnv> {
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
  routes.notFound(() => statusResponse(404));
  routes.onError((error) => {
    throw error;
  });
  return routes;
}

/** The API as OpenAPI has it, without a server. */
export function apiDocument(): object {
  const routes = new OpenAPIHono<ApiEnv>();
  routes.openapi(documentRoute, (c) => c.json({}, 200));
  // What a route asks of the server it asks when somebody asks for the route.
  for (const add of parts) add(routes, {} as ApiApp);
  return documentOf(routes);
}
