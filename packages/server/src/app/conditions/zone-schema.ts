import { z } from 'zod';

/** An IANA time zone that the runtime knows. */
export const zone = z
  .string()
  .max(100)
  .refine(isKnownZone, 'not an IANA time zone that is known here, such as Europe/Berlin');

function isKnownZone(name: string): boolean {
  // The runtime takes offsets for zones too, and these never know of summer.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
