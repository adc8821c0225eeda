import { Socket } from 'node:net';
import { Client, type ClientConfig, types } from 'pg';

/** How long one statement may run on the server, in milliseconds; the longest is to read a whole store. */
const statementMs = 60_000;

const bigint = 20;

/** What every connection is made with. What the address itself says of one of these counts more. */
export function clientSettings(
  address: string,
  { patienceMs, silenceMs }: { readonly patienceMs: number; readonly silenceMs: number },
): ClientConfig {
  return {
    connectionString: address,
    application_name: 'sluice',
    connectionTimeoutMillis: patienceMs,
    lock_timeout: patienceMs,
    statement_timeout: statementMs,
    // The server ends a transaction whose client is gone, for it may hold the lock that all writers wait for.
    idle_in_transaction_session_timeout: silenceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => impatientSocket(silenceMs),
    // Revisions and times are safe integers.
    types: {
      getTypeParser: (type, format) =>
        type === bigint && format !== 'binary' ? Number : types.getTypeParser(type, format),
    },
  };
}

/**
 * A socket that closes when nothing has moved on it for `silenceMs`. A limit on the time of a whole query would be too
 * long for small ones and too short for large ones; a network or a server that is gone says nothing at all.
 */
function impatientSocket(silenceMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => socket.destroy(new Error(`nothing was heard for ${silenceMs} ms`)));
  return socket;
}

/** A client that never ends the process: what breaks its connection shows in the query that is running, or in the next. */
export class QuietClient extends Client {
  constructor(settings?: ClientConfig) {
    super(settings);
    this.on('error', () => {});
  }
}
