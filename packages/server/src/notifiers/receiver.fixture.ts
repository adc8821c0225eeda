import {
  createServer as createPlainServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What came to a receiver. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Somebody's server to which notices are posted. */
export interface Receiver {
  readonly host: string;
  readonly url: string;
  readonly received: Received[];
  /** What it answers with; never, where it is absent. */
  answer: ReceiverAnswer | undefined;
  close(): Promise<void>;
}

/** Opens one on a free port of the loopback. */
export async function openReceiver(tls?: { readonly key: string; readonly cert: string }): Promise<Receiver> {
  const listener: RequestListener = async (request, response) => {
    receiver.received.push({ path: request.url ?? '', headers: request.headers, body: await textOf(request) });
    const { answer } = receiver;
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = tls === undefined ? createPlainServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    host,
    url: `http${tls === undefined ? '' : 's'}://${host}`,
    received: [],
    answer: { status: 204 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}
