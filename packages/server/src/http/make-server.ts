import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Limits } from './limits.ts';

/** A server that is not listening yet, and how the certificate of its next handshakes is replaced. */
export interface MadeServer {
  readonly server: Server;
  setSecureContext(context: SecureContextOptions): void;
}

/** Makes a server of HTTP, inside TLS where there is a certificate. */
export function makeServer(limits: Limits, certificate: SecureContextOptions | undefined): MadeServer {
  const options: ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(2000, Math.ceil(limits.headersTimeoutMs / 4)),
  };
  if (certificate === undefined) {
    const server = createServer(options);
    countOneMore(server, limits);
    return { server, setSecureContext: () => undefined };
  }
  const secure = createTlsServer({ ...options, ...certificate, handshakeTimeout: limits.headersTimeoutMs });
  // It has all that a server of HTTP has; only the declarations do not say so.
  const server = secure as unknown as Server;
  countOneMore(server, limits);
  return { server, setSecureContext: (context) => secure.setSecureContext(context) };
}

/** One header more than is allowed, so that one too many is seen: what is above this is left out without a word. */
function countOneMore(server: Server, { headerCount }: Limits): void {
  server.maxHeadersCount = headerCount + 1;
}
