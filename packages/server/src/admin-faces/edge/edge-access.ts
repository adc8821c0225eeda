import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AdminEnv } from '../../admin-face.ts';
import { problemResponse } from '../../http/admin-listener-problem.ts';
import { Problem } from '../../problem.ts';

/** Lets in who sends one of the tokens, from this machine too. */
export function edgeAccess(tokens: readonly string[]): MiddlewareHandler<AdminEnv> {
  const wanted = tokens.map(digest);
  return async (c, next) => {
    const sent = digest(/^bearer +([^\s]+) *$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '');
    // All are compared, so that the time tells nothing of which it was.
    const matches = wanted.filter((one) => timingSafeEqual(one, sent));
    if (matches.length > 0) return next();
    const response = problemResponse(new Problem('edge-token-needed', 'send it as Authorization: Bearer TOKEN'));
    response.headers.set('WWW-Authenticate', 'Bearer realm="sluice edge"');
    return response;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
