import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asked, Brought, Intake, OpenFace, Reply } from '../face.ts';
import { Problem, problems } from '../problem.ts';
import { doubtfulFraming } from './doubtful-framing.ts';
import { isTooLate, makeLast } from './last-answer.ts';
import type { Limits } from './limits.ts';
import { plain } from './plain.ts';
import { type Posted, PostedBodies } from './posted-bodies.ts';
import type { RefusalReason } from './refusals.ts';
import { sendReply } from './send-reply.ts';

export interface AnswerRequestOptions {
  readonly faces: readonly OpenFace[];
  readonly limits: Pick<Limits, 'urlLength' | 'headerCount' | 'requestsPerConnection'>;
  /** Answers instead of the faces where a client asks too often. */
  readonly rateReply: ((request: IncomingMessage) => Reply | undefined) | undefined;
  readonly onRefused: (reason: RefusalReason, request: IncomingMessage) => void;
  /** Called with what no face expected, under the id that the client is told. */
  readonly onBug: (id: string, error: unknown) => void;
  readonly onProblem: ((problem: Problem) => void) | undefined;
  /** Called with each answer that had to wait for a body, and how many seconds it took from when that was there. */
  readonly onLate: (status: number, seconds: number) => void;
  /** Whether each answer is to be the last of its connection. */
  readonly isClosing: () => boolean;
}

/** Answers a request, and says with which status; not when it waits for a body, or the connection ends before its turn. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => number | undefined;

/** Makes the one function that every request goes through; what is off is left out of it here. */
export function answerRequest(options: AnswerRequestOptions): AnswerRequest {
  const { rateReply, limits } = options;
  const reply: (request: IncomingMessage) => Reply =
    rateReply === undefined
      ? (request) => replyTo(request, options)
      : (request) => rateReply(request) ?? replyTo(request, options);
  const receive = receiver(options);
  const answer: AnswerRequest = (request, response) => {
    const doubt = doubtfulFraming(request);
    if (doubt !== undefined) makeLast(request.socket, response);
    if (isTooLate(request.socket, response)) return undefined;
    try {
      if (doubt?.reply !== undefined) options.onRefused('malformed', request);
      else if (request.method !== 'GET' && request.method !== 'HEAD') {
        // Of a doubtful request no body is read.
        return doubt === undefined ? receive(request, response) : sendReply(response, notAllowed);
      }
      return sendReply(response, doubt?.reply ?? reply(request));
    } catch (error) {
      return sendReply(response, failureReply(error, options));
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

/** Makes the function for all methods but GET and HEAD: it answers at once what is refused, and else when the body is there. */
function receiver(options: AnswerRequestOptions): AnswerRequest {
  const faces = options.faces.filter(({ receive }) => receive !== undefined);
  const bodies = new PostedBodies();
  return (request, response) => {
    const found = options.rateReply?.(request) ?? intakeOf(request, faces, options);
    if (!('take' in found)) return sendReply(response, found);
    bodies.read(request, found.mostBytes, (posted) =>
      answerPosted(request, response, { posted, intake: found, options }),
    );
    return undefined;
  };
}

function intakeOf(request: IncomingMessage, faces: readonly OpenFace[], options: AnswerRequestOptions): Reply | Intake {
  const { method = '', headers } = request;
  const brought: Brought = {
    method,
    url: pathAndQuery(request.url ?? '/'),
    userAgent: headers['user-agent'],
    header(name) {
      const value = headers[name];
      return typeof value === 'string' ? value : value?.join(', ');
    },
  };
  for (const face of faces) {
    const found = face.receive?.(brought);
    if (found !== undefined) return tooMuch(request, brought.url, options) ?? found;
  }
  return notAllowed;
}

interface Answering {
  readonly posted: Posted;
  readonly intake: Intake;
  readonly options: AnswerRequestOptions;
}

function answerPosted(request: IncomingMessage, response: ServerResponse, answering: Answering): void {
  const { posted, options } = answering;
  const { socket } = request;
  // Nothing is taken from somebody who was told otherwise, or cannot be told any more.
  if (socket.writableEnded || socket.destroyed || isTooLate(socket, response)) return;
  const begun = performance.now();
  if (options.isClosing()) makeLast(socket, response);
  if (posted.kind !== 'whole') options.onRefused('body', request);
  options.onLate(sendPosted(response, answering), (performance.now() - begun) / 1000);
}

function sendPosted(response: ServerResponse, { posted, intake, options }: Answering): number {
  try {
    if (posted.kind === 'whole') return sendReply(response, intake.take(posted.body));
    return sendReply(response, posted.kind === 'too-long' ? intake.tooLong : tooManyBodies);
  } catch (error) {
    return sendReply(response, failureReply(error, options));
  }
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

function replyTo(request: IncomingMessage, options: AnswerRequestOptions): Reply {
  const { method = '' } = request;
  const url = pathAndQuery(request.url ?? '/');
  const refused = tooMuch(request, url, options);
  if (refused !== undefined) return refused;
  const asked: Asked = { method, url, userAgent: request.headers['user-agent'] };
  for (const face of options.faces) {
    const reply = face.answer(asked);
    if (reply !== undefined) return reply;
  }
  return notFound;
}

function tooMuch(
  request: IncomingMessage,
  url: string,
  { limits, onRefused }: AnswerRequestOptions,
): Reply | undefined {
  if (url.length > limits.urlLength) {
    onRefused('url', request);
    return urlTooLong;
  }
  if (request.rawHeaders.length > 2 * limits.headerCount) {
    onRefused('headers', request);
    return tooManyHeaders;
  }
  return undefined;
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
const tooManyBodies: Reply = {
  ...plain(503, 'Service Unavailable', ['Cache-Control', 'no-store', 'Retry-After', '5']),
  lasting: true,
};
const notFound: Reply = { ...plain(404, 'Not Found', ['Cache-Control', 'public, max-age=90']), lasting: true };
