import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { HTTPException } from 'hono/http-exception';
import { Problem, problems } from '../problem.ts';

/** What is answered for whatever was thrown; `onBug` gets what nobody expected, under the id that the client is told. */
export function errorResponse(error: unknown, onBug: (id: string, error: unknown) => void): Response {
  if (error instanceof Problem) return problemResponse(error);
  // What the adapter cannot make a request of, such as a host name that is none.
  if (error instanceof Error && error.name === 'RequestError') return statusResponse(400);
  // An answer that somebody has thrown.
  if (error instanceof HTTPException && error.res !== undefined) return error.res;
  // What Hono finds wrong with a request before a handler sees it, such as a body that is not JSON.
  if (error instanceof HTTPException && error.status < 500) {
    return error.status === 400 ? problemResponse(new Problem('usage', error.message)) : statusResponse(error.status);
  }
  const id = randomUUID();
  onBug(id, error);
  return bugResponse(id);
}

/** A problem as a body of `application/problem+json`; where it is known, `retryAt` says when to ask again. Source: RFC 9457. */
export function problemResponse(problem: Problem): Response {
  const { title, status } = problems[problem.code];
  const errors = problem.mistakes.map(({ at, message }) => ({ at, detail: message }));
  const { detail, retryAtMs } = problem;
  const retryAt = retryAtMs === undefined ? {} : { retryAt: new Date(retryAtMs).toISOString() };
  const body = { type: `/problems/${problem.code}`, title, status, detail, ...retryAt };
  return respond(status, errors.length === 0 ? body : { ...body, errors });
}

/** A status that needs no more words than HTTP has for it. */
export function statusResponse(status: number): Response {
  return respond(status, { type: 'about:blank', title: STATUS_CODES[status] ?? '', status });
}

/** A bug: its id and nothing more. */
function bugResponse(id: string): Response {
  return respond(500, { type: 'about:blank', title: STATUS_CODES[500], status: 500, instance: `urn:uuid:${id}` });
}

function respond(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });
}
