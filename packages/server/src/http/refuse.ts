import type { Duplex } from 'node:stream';
import { hasLast, makeLast } from './last-answer.ts';
import type { RefusalReason } from './refusals.ts';

/** How long a client that is sent away may take to read why, in milliseconds. */
const lingerMs = 500;

/** Says why and ends the connection, also when the client leaves its side of it open. */
export function dismiss(socket: Duplex, status: string, headers = ''): void {
  makeLast(socket);
  socket.on('error', () => socket.destroy());
  const body = `${status.slice(4)}\n`;
  const about = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}${about}Connection: close\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/**
 * What the HTTP parser will not read gets a small answer and a closed connection.
 * @returns why, or nothing when the client is the one who went.
 */
export function refuse(error: NodeJS.ErrnoException, socket: Duplex): RefusalReason | undefined {
  const code = error.code ?? '';
  // What is still sent by a client that reads its answer is read too: an early end could take the answer away.
  if (hasLast(socket) || code === 'HPE_CLOSED_CONNECTION') return undefined;
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    socket.destroy();
    return 'tls';
  }
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return undefined;
  }
  const [status, reason] = refusals.get(code) ?? (['400 Bad Request', 'malformed'] as const);
  dismiss(socket, status);
  return reason;
}

const refusals: ReadonlyMap<string, readonly [status: string, reason: RefusalReason]> = new Map([
  ['HPE_HEADER_OVERFLOW', ['431 Request Header Fields Too Large', 'headers']],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'slow']],
]);
