import type { Identified } from '../../api-app.ts';
import type { AdminOrigins } from '../../http/admin-origins.ts';
import { guardSession, presentedBy } from '../../http/session-guard.ts';
import { Problem } from '../../problem.ts';
import type { Authentication } from './authentication.ts';

export interface IdentifyingParts {
  readonly authentication: Pick<Authentication, 'authenticate'>;
  readonly origins: AdminOrigins;
  readonly nowMs: () => number;
}

/** Gives a function that finds out who sent a request. @throws Problem `sign-in-needed`, `csrf-check-failed` from that. */
export function identifyCaller({
  authentication,
  origins,
  nowMs,
}: IdentifyingParts): (request: Pick<Request, 'method' | 'headers'>) => Promise<Identified> {
  return async ({ method, headers }) => {
    const header = (name: string) => headers.get(name) ?? undefined;
    const known = await authentication.authenticate(presentedBy(header, origins), nowMs());
    if (known === undefined)
      throw new Problem('sign-in-needed', 'send a token as Authorization: Bearer TOKEN, or sign in');
    guardSession({ method, header }, known, origins);
    return known;
  };
}
