import { z } from 'zod';

/** A secret that is sent as a bearer token; it is long enough that nobody guesses it. */
export const tokenSetting = z
  .string()
  .min(32)
  .max(1024)
  .regex(/^[\x21-\x7e]*$/, 'a token is made of visible ASCII characters');
