import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A duration of days and less in milliseconds, or `undefined` for a text that is none. A day is 24 hours. */
export function durationMs(text: string): number | undefined {
  if (!/^P(?!$)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,3})?S)?)?$/.test(text)) return undefined;
  try {
    return Temporal.Duration.from(text).total('milliseconds');
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A duration as ISO 8601 has it, of days and less: `PT15M`, `P7D`. It stays as it was written. */
export function duration({ leastMs = 0, mostMs = 366 * 86_400_000 } = {}) {
  return z
    .string()
    .max(40)
    .superRefine((text, context) => {
      const found = durationMs(text);
      const fault = (message: string): void => context.addIssue({ code: 'custom', message });
      if (found === undefined) fault('a duration is written as PT15M, PT24H or P7D');
      else if (found < leastMs) fault(`at least ${leastMs / 1000} seconds`);
      else if (found > mostMs) fault(`${mostMs / 86_400_000} days at most`);
    });
}
