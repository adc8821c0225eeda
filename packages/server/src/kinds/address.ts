import { z } from 'zod';

/** A server that is asked, and nothing of who asks: a user or password in it would be read by everybody who sees the object. */
export const address = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((text) => !URL.canParse(text) || isPlain(new URL(text)), 'an address without user, password and #');

function isPlain({ username, password, hash }: URL): boolean {
  return `${username}${password}${hash}` === '';
}
