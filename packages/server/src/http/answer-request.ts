import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asked, OpenFace, Reply } from '../face.ts';
import { Problem, problems } from '../problem.ts';
import { doubtfulFraming } from './doubtful-framing.ts';
import { isTooLate, makeLast } from './last-answer.ts';
import type { Limits } from './limits.ts';
import { plain } from './plain.ts';
import type { RefusalReason } from './refusals.ts';

export interface AnswerRequestOptions {
  readonly faces: readonly OpenFace[];
  readonly limits: Pick<Limits, 'urlLength' | 'headerCount' | 'requestsPerConnection'>;
  /** Answers instead of the faces where a client asks too often. */
  readonly rateReply: ((request: IncomingMessage) => Reply | undefined) | undefined;
  readonly onRefused: (reason: RefusalReason, request: IncomingMessage) => void;
  /** Called with what no face expected, under the id that the client is told. */
  readonly onBug: (id: string, error: unknown) => void;
  readonly onProblem: ((problem: Problem) => void) | undefined;
}

/** Answers a request, and says with which status; not when the connection ends before its turn. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => number | undefined;

/** Makes the one function that every request goes through; what is off is left out of it here. */
export function answerRequest(options: AnswerRequestOptions): AnswerRequest {
  const { rateReply, limits } = options;
  const reply: (request: IncomingMessage) => Reply =
    rateReply === undefined
      ? (request) => replyTo(request, options)
      : (request) => rateReply(request) ?? replyTo(request, options);
  const answer: AnswerRequest = (request, response) => {
    const doubt = doubtfulFraming(request);
    if (doubt !== undefined) makeLast(request.socket, response);
    if (isTooLate(request.socket, response)) return undefined;
    try {
      if (doubt?.reply !== undefined) options.onRefused('malformed', request);
      return send(response, doubt?.reply ?? reply(request));
    } catch (error) {
      return send(response, failureReply(error, options));
    }
  };
  return limits.requestsPerConnection === 0 ? answer : upTo(limits.requestsPerConnection, answer);
}

/** Node's own limit says that it closes the connection, and does not. */
function upTo(most: number, answer: AnswerRequest): AnswerRequest {
  const asked = new WeakMap<object, number>();
  return (request, response) => {
    const count = (asked.get(request.socket) ?? 0) + 1;
    asked.set(request.socket, count);
    if (count >= most) makeLast(request.socket, response);
    return answer(request, response);
  };
}

function failureReply(error: unknown, { onBug, onProblem }: AnswerRequestOptions): Reply {
  if (error instanceof Problem) {
    const { status, title } = problems[error.code];
    onProblem?.(error);
    return plain(status, title, ['Cache-Control', 'no-store', ...(status === 503 ? ['Retry-After', '5'] : [])]);
  }
  const id = randomUUID();
  onBug(id, error);
  return plain(500, `Internal Server Error ${id}`, ['Cache-Control', 'no-store']);
}

function replyTo(request: IncomingMessage, { faces, limits, onRefused }: AnswerRequestOptions): Reply {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') return notAllowed;
  const url = pathAndQuery(request.url ?? '/');
  if (url.length > limits.urlLength) {
    onRefused('url', request);
    return urlTooLong;
  }
  if (request.rawHeaders.length > 2 * limits.headerCount) {
    onRefused('headers', request);
    return tooManyHeaders;
  }
  const asked: Asked = { method, url, userAgent: request.headers['user-agent'] };
  for (const face of faces) {
    const reply = face.answer(asked);
    if (reply !== undefined) return reply;
  }
  return notFound;
}

/** Proxies may send the whole address in the request line. */
function pathAndQuery(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/';
}

const notAllowed: Reply = {
  ...plain(405, 'Method Not Allowed', ['Allow', 'GET, HEAD', 'Cache-Control', 'no-store']),
  lasting: true,
};
const urlTooLong: Reply = { ...plain(414, 'URI Too Long', ['Cache-Control', 'no-store']), lasting: true };
const tooManyHeaders: Reply = {
  ...plain(431, 'Request Header Fields Too Large', ['Cache-Control', 'no-store']),
  lasting: true,
};
const notFound: Reply = { ...plain(404, 'Not Found', ['Cache-Control', 'public, max-age=90']), lasting: true };

const always = [
  'Strict-Transport-Security',
  'max-age=31536000;',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
] as const;

function send(response: ServerResponse, reply: Reply): number {
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
