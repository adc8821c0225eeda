import { createHash, timingSafeEqual } from 'node:crypto';

/** Answers whether the `Authorization` header of a request holds one of the tokens. Source: RFC 6750, section 2.1. */
export function bearerToken(tokens: readonly string[]): (header: string | undefined) => boolean {
  const wanted = tokens.map(digest);
  return (header) => {
    const sent = /^bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
    if (sent === undefined) return false;
    const found = digest(sent);
    // All are compared, so that the time tells nothing of which it was.
    return wanted.filter((one) => timingSafeEqual(one, found)).length > 0;
  };
}

/** Digests are of one length, so that comparing them tells nothing of the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
