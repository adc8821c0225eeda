import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A server of this machine that answers in every way that it should not. */
export interface HostileServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** The paths that were asked, and the headers with them. */
  readonly asked: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

type Behaviour = (reply: ServerResponse, socket: Socket) => void;

const json = { 'content-type': 'application/json' };
const bytes =
  (text: string, end = true): Behaviour =>
  (_reply, socket) => {
    socket.write(text);
    if (end) socket.end();
  };

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** What is done at each path. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  '/good': (reply) => reply.writeHead(200, json).end('{"value": 7}'),
  '/html': (reply) => reply.writeHead(200, { 'content-type': 'text/html' }).end('<html>{"value": 7}</html>'),
  '/huge': (reply) => {
    reply.writeHead(200, json);
    const part = Buffer.alloc(65_536, ' ');
    let left = 160;
    const more = (): void => {
      while (left > 0 && !reply.destroyed) {
        left -= 1;
        if (!reply.write(part)) return void reply.once('drain', more);
      }
      reply.end('{"value": 7}');
    };
    more();
  },
  '/stall': () => {},
  '/stall-after-head': (reply) => void reply.writeHead(200, json).flushHeaders(),
  '/drip': (reply) => {
    reply.writeHead(200, json);
    const drip = setInterval(() => reply.write(' '), 20);
    reply.on('close', () => clearInterval(drip));
  },
  '/drip-head': (_reply, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  },
  '/to-metadata': (reply) => reply.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/to-itself': (reply) => reply.writeHead(307, { location: '/good' }).end(),
  '/longer-than-said': bytes(`${head}Content-Length: 12\r\n\r\n{"value": 7}HTTP/1.1 200 OK\r\n\r\n{"value": 8}`),
  '/shorter-than-said': bytes(`${head}Content-Length: 1000\r\n\r\n{"value": 7}`),
  '/truncated-chunks': bytes(`${head}Transfer-Encoding: chunked\r\n\r\nc\r\n{"value": 7}\r\n`),
  '/two-lengths': bytes(`${head}Content-Length: 12\r\nContent-Length: 2\r\n\r\n{"value": 7}`),
  '/gzip-bomb': (reply) =>
    reply.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8_000_000, '[')), 'binary'),
  '/nan': (reply) => reply.writeHead(200, json).end('{"value": NaN}'),
  '/infinite': (reply) => reply.writeHead(200, json).end('{"value": 1e999}'),
  '/text': (reply) => reply.writeHead(200, json).end('{"value": "7"}'),
  '/twice': (reply) => reply.writeHead(200, json).end('{"value": 1, "value": 7}'),
  '/deep': (reply) => reply.writeHead(200, json).end('['.repeat(500_000)),
  '/empty': (reply) => reply.writeHead(204).end(),
  '/not-modified': (reply) => reply.writeHead(304).end(),
  '/switches': bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', false),
  '/no-http': bytes('SSH-2.0-OpenSSH_9.2\r\n'),
  '/hangs-up': (_reply, socket) => void socket.destroy(),
  '/long-head': bytes(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`),
};

export async function startHostileServer(): Promise<HostileServer> {
  const asked: HostileServer['asked'][number][] = [];
  const server = createServer((request, reply) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    request.resume().on('error', () => {});
    request.socket.on('error', () => {});
    const behaviour = behaviours[path];
    if (behaviour === undefined) reply.writeHead(404, json).end('{}');
    else behaviour(reply, request.socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
