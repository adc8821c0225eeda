import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a request gets instead of what the real node says. */
export type Oddity = (response: ServerResponse, request: IncomingMessage) => void;

/** A node that gives what a real one gives, but for what it is told to give otherwise. */
export interface OddNode {
  readonly url: string;
  /** Each request, as `GET /snapshot`. */
  readonly asked: readonly string[];
  /** What the real node says, changed on the way; the path is without `/edge/v1`. */
  alter(path: string, change: (body: Buffer, headers: Headers) => Buffer): void;
  answer(path: string, oddity: Oddity): void;
  /** Is as the real one again. */
  mend(): void;
  close(): Promise<void>;
}

export async function openOddNode(real: string): Promise<OddNode> {
  const asked: string[] = [];
  const oddities = new Map<string, Oddity>();
  const alterations = new Map<string, (body: Buffer, headers: Headers) => Buffer>();
  const pass = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const headers = new Headers({ Authorization: request.headers.authorization ?? '', 'Accept-Encoding': 'identity' });
    const had = request.headers['if-none-match'];
    if (had !== undefined) headers.set('If-None-Match', had);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    const answer = await fetch(`${real}/edge/v1${path}`, { method: request.method ?? 'GET', headers, body });
    const got = Buffer.from(await answer.arrayBuffer());
    const shown = new Headers(answer.headers);
    const changed = alterations.get(path)?.(got, shown) ?? got;
    for (const name of ['connection', 'transfer-encoding', 'content-length']) shown.delete(name);
    response.writeHead(answer.status, Object.fromEntries(shown)).end(answer.status === 304 ? undefined : changed);
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/edge/v1', '');
    asked.push(`${request.method} ${path}`);
    const oddity = oddities.get(path);
    if (oddity === undefined) pass(request, response, path).catch(() => response.destroy());
    else oddity(response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    alter: (path, change) => void alterations.set(path, change),
    answer: (path, oddity) => void oddities.set(path, oddity),
    mend() {
      oddities.clear();
      alterations.clear();
    },
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
