import { STATUS_CODES } from 'node:http';
import { type Problem, problems } from '../problem.ts';

/** A problem as a body of `application/problem+json`. Source: RFC 9457. */
export function problemResponse(problem: Problem): Response {
  const { title, status } = problems[problem.code];
  const errors = problem.mistakes.map(({ at, message }) => ({ at, detail: message }));
  const body = { type: `/problems/${problem.code}`, title, status, detail: problem.detail };
  return respond(status, errors.length === 0 ? body : { ...body, errors });
}

/** A status that needs no more words than HTTP has for it. */
export function statusResponse(status: number): Response {
  return respond(status, { type: 'about:blank', title: STATUS_CODES[status] ?? '', status });
}

/** A bug: its id and nothing more. */
export function bugResponse(id: string): Response {
  return respond(500, { type: 'about:blank', title: STATUS_CODES[500], status: 500, instance: `urn:uuid:${id}` });
}

function respond(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });
}
