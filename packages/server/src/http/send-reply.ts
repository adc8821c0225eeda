import type { ServerResponse } from 'node:http';
import type { Reply } from '../face.ts';

const always = [
  'Strict-Transport-Security',
  'max-age=31536000;',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
] as const;

/** Sends an answer with what every answer carries, and says with which status. */
export function sendReply(response: ServerResponse, reply: Reply): number {
  const { headers, body } = readied.get(reply) ?? makeReady(reply);
  response.writeHead(reply.status, headers);
  // Node leaves the body out of an answer to HEAD.
  response.end(body);
  return reply.status;
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
