import type { MiddlewareHandler } from 'hono';
import type { AdminEnv } from '../../admin-face.ts';
import { problemResponse } from '../../http/admin-listener-problem.ts';
import { bearerToken } from '../../http/bearer-token.ts';
import { Problem } from '../../problem.ts';

/** Lets in who sends one of the tokens, from this machine too. */
export function edgeAccess(tokens: readonly string[]): MiddlewareHandler<AdminEnv> {
  const isSent = bearerToken(tokens);
  return async (c, next) => {
    if (isSent(c.req.header('authorization'))) return next();
    const response = problemResponse(new Problem('edge-token-needed', 'send it as Authorization: Bearer TOKEN'));
    response.headers.set('WWW-Authenticate', 'Bearer realm="sluice edge"');
    return response;
  };
}
