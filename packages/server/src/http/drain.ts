import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { makeLast } from './last-answer.ts';
import type { OpenConnections } from './open-connections.ts';

/** How long a connection that nothing is asked on is kept for a request that is on its way, in milliseconds. */
const idleGraceMs = 1000;

/**
 * Takes no new connections and makes each answer the last of its connection. Connections on which nothing is asked are
 * closed after a short grace, and what is left after `graceMs`; it is over as soon as there is none.
 */
export function drain(server: Server, connections: OpenConnections, graceMs: number): Promise<void> {
  server.prependListener('request', (request, response) => makeLast(request.socket, response));
  return new Promise((resolve) => {
    // What has arrived by then is read between the timer and this, and is no longer idle.
    const idle = setTimeout(() => setImmediate(closeIdle), Math.min(idleGraceMs, graceMs));
    const cut = setTimeout(() => {
      server.closeAllConnections();
      connections.cutAll();
    }, graceMs);
    const closeIdle = (): void => {
      server.closeIdleConnections();
      connections.cutSilent();
    };
    // That of HTTP would close idle connections at once, together with what is on its way on them.
    NetServer.prototype.close.call(server, () => {
      clearTimeout(idle);
      clearTimeout(cut);
      // Ends the looking for slow requests too, which only that of HTTP does.
      server.close(() => resolve());
    });
  });
}
