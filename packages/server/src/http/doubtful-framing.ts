import type { IncomingMessage } from 'node:http';
import type { Reply } from '../face.ts';
import { plain } from './plain.ts';

/** What to do with a request about whose end two servers could disagree. */
export interface Doubt {
  /** What is answered instead of what the faces say. */
  readonly reply: Reply | undefined;
}

/**
 * Finds what Node's parser lets through although another server could see another end of the request: what comes after
 * it on its connection must not be read. Source: RFC 9112, sections 2.3 and 6.1; RFC 9110, section 7.8.
 */
export function doubtfulFraming({ httpVersionMajor, headers }: IncomingMessage): Doubt | undefined {
  // Not 505: a 5 would say that something is wrong with the server.
  if (httpVersionMajor !== 1) return { reply: badRequest };
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { reply: badRequest };
  // The parser leaves out what was sent together with such a request.
  if (headers.upgrade !== undefined) return { reply: undefined };
  return undefined;
}

const badRequest: Reply = { ...plain(400, 'Bad Request', ['Cache-Control', 'no-store']), lasting: true };
