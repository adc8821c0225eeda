import { briefText } from '../brief-text.ts';
import { NotKnown } from '../not-known.ts';

/** What was tried. */
export interface Attempt {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is not known by that name',
  EAI_AGAIN: 'cannot be looked up now',
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  ETIMEDOUT: 'cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  EPROTO: 'does not speak TLS as it should',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
};

/** A sentence about a request that came to no answer, which holds nothing of what was sent; none for a bug of ours. */
export function whyNoAnswer(error: unknown, { timeoutMs, signal }: Attempt): string | undefined {
  if (signal.aborted) return `the server did not answer within ${timeoutMs / 1000} s`;
  if (error instanceof NotKnown) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return undefined;
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (reason !== undefined) return `the server ${reason}`;
  if (code.startsWith('HPE_')) return 'the server does not speak HTTP as it should';
  return `the server cannot be asked: ${briefText(message, 160)}`;
}
