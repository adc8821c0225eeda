import { createServer, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { AdminEnv, AdminRoutes, OpenAdminFace } from '../admin-face.ts';
import type { Address } from './address.ts';
import { adminAccess } from './admin-listener-access.ts';
import { errorResponse, statusResponse } from './admin-listener-problem.ts';
import { isTooLate, makeLast } from './last-answer.ts';
import { listen } from './listen.ts';
import { OpenConnections } from './open-connections.ts';
import { Refusals } from './refusals.ts';
import { refuse } from './refuse.ts';

export interface AdminListenerOptions {
  readonly faces: readonly OpenAdminFace[];
  /** Called with what nobody expected, under the id that the client is told. */
  readonly onBug: (id: string, error: unknown) => void;
  /** What everybody must send as `Authorization: Bearer TOKEN`; without it only programs on this machine get in. */
  readonly token?: string | undefined;
  /** How long a client may read nothing of an answer that waits, in milliseconds. */
  readonly answerTimeoutMs?: number | undefined;
}

/** An admin listener that is open. */
export interface OpenAdminListener {
  readonly host: string;
  readonly port: number;
  /** Takes no new connections, lets running requests end, and after `graceMs` cuts what is left. */
  close(graceMs: number): Promise<void>;
}

const usualBodies = { longest: 4 * 1024 * 1024 } as const;
/** Nobody may keep all others out, by taking all connections or by never reading what is answered. */
const limits = { connections: 1000, connectionsPerAddress: 500, answerTimeoutMs: 30_000 } as const;
const always = { 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'same-origin' } as const;
/** What a face that has pages for people says otherwise. */
const unlessSaid = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const;

/** Opens the listener for those who run the node: not for its clients. @throws Problem `address-in-use`. */
export async function openAdminListener(address: Address, options: AdminListenerOptions): Promise<OpenAdminListener> {
  const app = routesOf(address, options);
  const onError = (error: unknown): Response => errorResponse(error, options.onBug);
  const listener = getRequestListener(app.fetch as Parameters<typeof getRequestListener>[0], {
    overrideGlobalObjects: false,
    errorHandler: onError,
  });
  const running = new Set<ServerResponse>();
  const server = createServer(
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2000,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      const { socket } = request;
      if (!server.listening) makeLast(socket, response);
      // Nothing may be altered for somebody who cannot be told any more.
      if (socket.writableEnded || isTooLate(socket, response)) return;
      running.add(response);
      response.once('close', () => running.delete(response));
      // While it closes, each answer is the last of its connection, also one that has begun, which cannot say so any more.
      response.once('finish', () => {
        if (!server.listening) socket.end();
      });
      void listener(request, response);
    },
  );
  const { answerTimeoutMs = limits.answerTimeoutMs } = options;
  const connections = new OpenConnections(server, {
    limits: { ...limits, answerTimeoutMs },
    isTrusted: () => false,
    refusals: new Refusals({ withAddresses: false }),
    isSecure: false,
  });
  server.on('clientError', (error, socket) => void refuse(error, socket));
  const bound = await listen(server, address);
  const looking = setInterval(() => connections.cutUnread(performance.now()), Math.ceil(answerTimeoutMs / 4)).unref();
  return { ...bound, close: (graceMs) => close(server, running, graceMs).finally(() => clearInterval(looking)) };
}

function routesOf({ host }: Address, { faces, token, onBug }: AdminListenerOptions): AdminRoutes {
  const app: AdminRoutes = new Hono<AdminEnv>();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(always)) c.header(name, value);
    for (const [name, value] of Object.entries(unlessSaid)) if (!c.res.headers.has(name)) c.header(name, value);
  });
  app.use(async (c, next) => {
    // A body that does not say how long it is could go on for ever.
    if (c.req.header('transfer-encoding') !== undefined) return statusResponse(411);
    const { longest } =
      faces.find(({ bodies }) => bodies && c.req.path.startsWith(bodies.under))?.bodies ?? usualBodies;
    if (Number(c.req.header('content-length') ?? 0) > longest) return statusResponse(413);
    return next();
  });
  app.notFound(() => statusResponse(404));
  app.onError((error) => errorResponse(error, onBug));
  // A route answers before what is registered after it, so these never meet the listener's own authorisation.
  for (const { authorisation, routes } of faces) if (authorisation === 'own') app.route('/', routes);
  app.use(adminAccess({ host, token }));
  for (const { authorisation, routes } of faces) if (authorisation === 'listener') app.route('/', routes);
  return app;
}

function close(server: Server, running: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  for (const response of running) makeLast(response.req.socket, response);
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
