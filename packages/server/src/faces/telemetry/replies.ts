import { STATUS_CODES } from 'node:http';
import type { Reply } from '../../face.ts';
import { type Mistake, type ProblemCode, problems } from '../../problem.ts';

/** What a page of any site may read: there is nothing in it that is not for everybody. */
const headers = ['Cache-Control', 'no-store', 'Access-Control-Allow-Origin', '*'] as const;

/** How many mistakes are told of one body. */
const mostMistakes = 10;

/** So much was counted. */
export function accepted(count: number): Reply {
  return json(202, 'application/json', { accepted: count });
}

/** Why nothing was counted, as `application/problem+json`. Source: RFC 9457. */
export function refused(code: ProblemCode, detail: string, more: RefusedWith = {}): Reply {
  const { title, status } = problems[code];
  const { mistakes = [], retryAfterSeconds } = more;
  const errors = mistakes.slice(0, mostMistakes).map(({ at, message }) => ({ at, detail: message }));
  const body = { type: `/problems/${code}`, title, status, detail, ...(errors.length > 0 && { errors }) };
  const retry = retryAfterSeconds === undefined ? [] : ['Retry-After', String(retryAfterSeconds)];
  return json(status, 'application/problem+json', body, retry);
}

/** What is wrong with a body. */
export function wrong(mistakes: readonly Mistake[]): Reply {
  const [first] = mistakes;
  const only = mistakes.length === 1 && first !== undefined ? first : undefined;
  const place = only === undefined || only.at === '' ? '' : `${only.at}: `;
  return refused('usage', only === undefined ? `${mistakes.length} mistakes` : place + only.message, { mistakes });
}

export interface RefusedWith {
  readonly mistakes?: readonly Mistake[];
  readonly retryAfterSeconds?: number;
}

/** A status that needs no more words than HTTP has for it. */
export function bare(status: number, more: readonly string[] = []): Reply {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? '', status };
  return { ...json(status, 'application/problem+json', body, more), lasting: true };
}

/** What a browser wants to hear before it sends what a page of another site reports. Source: the Fetch standard, CORS. */
export const preflight: Reply = {
  status: 200,
  headers: [
    ...['Content-Type', 'text/plain; charset=utf-8', ...headers, 'Allow', 'POST, OPTIONS'],
    ...['Access-Control-Allow-Methods', 'POST', 'Access-Control-Allow-Headers', 'Content-Type, Sluice-Client-Key'],
    ...['Access-Control-Max-Age', '86400'],
  ],
  body: '',
  lasting: true,
};

function json(status: number, type: string, body: object, more: readonly string[] = []): Reply {
  return { status, headers: ['Content-Type', type, ...headers, ...more], body: JSON.stringify(body) };
}
