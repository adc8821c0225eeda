import { timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';
import type { Authenticated, Presented } from '../sign-in-app.ts';
import type { AdminOrigins } from './admin-origins.ts';

/** Reads a header of a request by its name in lower case. */
export type HeaderReader = (name: string) => string | undefined;

/** What the cookie of a session is called. Source of the prefix: RFC 6265bis, section 4.1.3.2. */
export function sessionCookie({ isSecure }: Pick<AdminOrigins, 'isSecure'>): string {
  return isSecure ? '__Host-sluice-session' : 'sluice-session';
}

/** The token or the session cookie of a request; where there is a token, the cookie does not count. */
export function presentedBy(header: HeaderReader, origins: Pick<AdminOrigins, 'isSecure'>): Presented {
  const authorization = header('authorization');
  if (authorization !== undefined) return { bearer: /^bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? '' };
  const wanted = `${sessionCookie(origins)}=`;
  const cookie = header('cookie')
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(wanted));
  return cookie === undefined ? {} : { cookie: cookie.slice(wanted.length) };
}

/**
 * Refuses what the page of another site made a browser send. Without either header it is no browser's form and no script of
 * ours, so it is refused too.
 * @throws Problem `csrf-check-failed`.
 */
export function checkSameOrigin(header: HeaderReader, origins: AdminOrigins): void {
  const origin = header('origin');
  const site = header('sec-fetch-site');
  if (origin === undefined && site === undefined)
    throw new Problem('csrf-check-failed', 'it has neither an Origin nor a Sec-Fetch-Site header');
  if (origin !== undefined && !origins.has(origin))
    throw new Problem('csrf-check-failed', `it comes from another origin than ${origins.main}`);
  if (site !== undefined && site !== 'same-origin')
    throw new Problem('csrf-check-failed', 'it comes from another site');
}

export interface GuardedRequest {
  readonly method: string;
  readonly header: HeaderReader;
  /** The hidden field of a form, instead of the header. */
  readonly csrfField?: string | undefined;
}

/**
 * Lets a request pass that only reads or that a token vouches for, and of a session only what its own pages sent.
 * @throws Problem `csrf-check-failed`.
 */
export function guardSession(
  { method, header, csrfField }: GuardedRequest,
  { via, csrf }: Pick<Authenticated, 'via' | 'csrf'>,
  origins: AdminOrigins,
): void {
  if (via === 'token' || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return;
  checkSameOrigin(header, origins);
  const sent = csrfField ?? header('x-sluice-csrf');
  if (sent === undefined) throw new Problem('csrf-check-failed', 'it lacks the header X-Sluice-CSRF');
  if (csrf === undefined || !isSame(sent, csrf))
    throw new Problem('csrf-check-failed', 'its X-Sluice-CSRF is not that of the session');
}

function isSame(sent: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
