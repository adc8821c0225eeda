import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Asked, OpenFace, Reply } from '../face.ts';
import { Problem } from '../problem.ts';
import type { Address } from './address.ts';

export interface ListenerOptions {
  readonly faces: readonly OpenFace[];
  /** Called with what no face expected, under the id that the client is told. */
  readonly onBug: (id: string, error: unknown) => void;
}

/** A listener that is open. */
export interface OpenListener {
  readonly host: string;
  readonly port: number;
  /** Takes no new connections, lets running requests end, and after `graceMs` cuts what is left. */
  close(graceMs: number): Promise<void>;
}

const longestUrl = 8192;
const always = [
  'Strict-Transport-Security',
  'max-age=31536000;',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
] as const;

/** Opens the listener that the world asks. @throws Problem `address-in-use`. */
export async function openPublicListener(address: Address, options: ListenerOptions): Promise<OpenListener> {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 2000,
  });
  server.on('request', (request, response) => {
    // While it closes, each answer is the last of its connection.
    if (!server.listening) response.shouldKeepAlive = false;
    respond(request, response, options);
  });
  server.on('clientError', refuse);
  server.on('connect', (_request, socket) => dismiss(socket, '405 Method Not Allowed', 'Allow: GET, HEAD\r\n'));
  await listen(server, address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return { host: address.host, port, close: (graceMs) => close(server, graceMs) };
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'another program listens there; port 0 takes a free one' : error.message;
      reject(new Problem('address-in-use', `cannot listen on ${host}:${port}: ${reason}`, [], { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function respond(request: IncomingMessage, response: ServerResponse, options: ListenerOptions): void {
  try {
    send(response, replyTo(request, options));
  } catch (error) {
    const id = randomUUID();
    options.onBug(id, error);
    send(response, plain(500, `Internal Server Error ${id}`, ['Cache-Control', 'no-store']));
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const { headers, body } = readied.get(reply) ?? makeReady(reply);
  response.writeHead(reply.status, headers);
  // Node leaves the body out of an answer to HEAD.
  response.end(body);
}

/** A reply as it goes out. */
interface Ready {
  readonly headers: string[];
  readonly body: Buffer;
}

const readied = new WeakMap<Reply, Ready>();

function makeReady(reply: Reply): Ready {
  const body = Buffer.from(reply.body);
  const ready = { headers: [...reply.headers, ...always, 'Content-Length', String(body.length)], body };
  if (reply.lasting === true) readied.set(reply, ready);
  return ready;
}

function replyTo(request: IncomingMessage, { faces }: ListenerOptions): Reply {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD')
    return plain(405, 'Method Not Allowed', ['Allow', 'GET, HEAD', 'Cache-Control', 'no-store']);
  const url = pathAndQuery(request.url ?? '/');
  if (url.length > longestUrl) return plain(414, 'URI Too Long', ['Cache-Control', 'no-store']);
  const asked: Asked = { method, url, userAgent: request.headers['user-agent'] };
  for (const face of faces) {
    const reply = face.answer(asked);
    if (reply !== undefined) return reply;
  }
  return plain(404, 'Not Found', ['Cache-Control', 'public, max-age=90']);
}

/** Proxies may send the whole address in the request line. */
function pathAndQuery(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/';
}

function plain(status: number, body: string, headers: readonly string[] = []): Reply {
  return { status, headers: ['Content-Type', 'text/plain; charset=utf-8', ...headers], body };
}

/** What the HTTP parser will not read gets a small answer and a closed connection. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  dismiss(socket, refusals.get(error.code ?? '') ?? '400 Bad Request');
}

/** How long a client that is sent away may take to read why, in milliseconds. */
const lingerMs = 500;

/** Says why and ends the connection, also when the client leaves its side of it open. */
function dismiss(socket: Duplex, status: string, headers = ''): void {
  socket.on('error', () => socket.destroy());
  const body = `${status.slice(4)}\n`;
  const about = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}${about}Connection: close\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

const refusals: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
