import { createPublicKey, randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import type { EdgeApp } from '../edge-app.ts';
import { edgeProtocol } from '../edge-protocol.ts';
import { Problem } from '../problem.ts';
import { commitEvents } from './edge/commit-events.ts';
import { edgeAccess } from './edge/edge-access.ts';
import { handOut } from './edge/hand-out.ts';
import { takeCounts } from './edge/take-counts.ts';
import { takeReport } from './edge/take-report.ts';

/** What edges follow: the snapshot, signed, and its releases; and where they report what they counted. */
export const edge: AdminFace<'edge', EdgeApp> = {
  name: 'edge',
  summary: 'what edges follow',
  authorisation: 'own',
  open: openEdge,
};

const { prefix } = edgeProtocol;

function openEdge(app: EdgeApp): AdminRoutes {
  const routes: AdminRoutes = new Hono<AdminEnv>();
  if (app.tokens.length === 0) return routes;
  const publicKey = createPublicKey(app.signingKey).export({ format: 'der', type: 'spki' }).toString('base64');
  const handed = handOut(app);
  const listen = commitEvents(app);
  const report = takeReport(app, randomUUID());

  routes.use(`${prefix}/*`, edgeAccess(app.tokens));
  routes.get(`${prefix}/key`, (c) => c.text(publicKey));
  routes.get(`${prefix}/snapshot`, (c) =>
    handed.snapshot(c.req.header('if-none-match'), c.req.header('accept-encoding')),
  );
  routes.get(`${prefix}/releases/:sha256{[0-9a-f]{64}}`, async (c) => {
    try {
      return (await handed.release(c.req.param('sha256'), c.req.header('if-none-match'))) ?? c.notFound();
    } catch (error) {
      if (error instanceof Problem && error.code === 'snapshot-damaged') app.onDamaged();
      throw error;
    }
  });
  routes.get(`${prefix}/events`, () => listen());
  routes.post(`${prefix}/readings`, async (c) => report(await bodyOf(c)));
  routes.post(`${prefix}/counts`, async (c) => takeCounts(app, await bodyOf(c)));
  // Whoever has an edge token and asks for something else is not sent on to where the admin token is wanted.
  routes.all(`${prefix}/*`, (c) => c.notFound());
  return routes;
}

async function bodyOf(c: Context<AdminEnv>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Problem('usage', 'a report is JSON', [], { cause });
  }
}
