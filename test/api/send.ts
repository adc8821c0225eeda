import { request } from 'node:http';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly tookMs: number;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sends a request just as it is: nothing of its path is put in order. Of events only the beginning is waited for. */
export function send(url: string, { method, path, headers, body }: Sent, patienceMs = 20_000): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sending = request({
      hostname,
      port,
      method,
      path,
      headers: { ...latin(headers), ...length },
      timeout: patienceMs,
    });
    sending.on('error', reject);
    sending.on('timeout', () => sending.destroy(new Error(`no answer to ${method} ${path} within ${patienceMs} ms`)));
    sending.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const type = answered['content-type'] ?? '';
      const pieces: Buffer[] = [];
      const done = () =>
        resolve({ status, type, text: Buffer.concat(pieces).toString(), tookMs: performance.now() - began });
      if (type.startsWith('text/event-stream')) {
        response.destroy();
        return done();
      }
      response
        .on('data', (piece: Buffer) => pieces.push(piece))
        .on('end', done)
        .on('error', reject);
    });
    sending.end(body);
  });
}

/** What a header cannot hold is left out: there is no way to send it. */
function latin(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)));
}
