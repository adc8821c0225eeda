import { Hono } from 'hono';
import type { AdminApp, AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import type { Health } from '../health.ts';

/** How the node is, for people and alarms: `/health`, and `/health/live` for whoever restarts it. */
export const health: AdminFace<'health'> = {
  name: 'health',
  summary: 'how the node is, and whether it lives',
  authorisation: 'listener',
  open: openHealth,
};

function openHealth(app: AdminApp): AdminRoutes {
  const routes: AdminRoutes = new Hono<AdminEnv>();
  routes.get('/health', (c) => {
    const found = app.health();
    const status = isWell(found) ? 'ok' : 'error';
    return c.json({ status, ...found, version: app.version.version }, status === 'ok' ? 200 : 503);
  });
  // Says nothing of the database: a node that is restarted because that is away could not answer as well as before.
  routes.get('/health/live', (c) => c.json({ status: 'ok' }));
  return routes;
}

function isWell({ checks, workers }: Health): boolean {
  const somebodyAnswers = workers.wanted === 0 || workers.running > 0;
  return somebodyAnswers && Object.values(checks).every(({ status }) => status === 'ok');
}
