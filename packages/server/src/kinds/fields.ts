import { z } from 'zod';

/** A percentage: 0 to 100 with at most five decimal places, which is as fine as a now-serving number can tell apart. */
export const percent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.abs(value * 1e5 - Math.round(value * 1e5)) < 1e-6, 'at most five decimal places');

/** 16 characters of `[a-z0-9]`, made once and stored. */
export const salt = z.string().regex(/^[a-z0-9]{16}$/, 'a salt is 16 characters of a-z and 0-9');

/** A moment, written as RFC 3339: `2026-11-21T10:00:00Z`, or with an offset. */
export const moment = z.iso.datetime({ offset: true });

/** A text that is not empty and holds no control characters. */
export function text(maxLength: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters');
}

/** A comma list; the spaces around its commas go when it is written, so that comparing exactly finds the entries. */
export function list(maxLength: number) {
  return text(maxLength).transform((value) => value.replaceAll(/\s*,\s*/g, ',').trim());
}

/** A text that names are made of, with slashes between: one of its own would make two things answer to one name. */
export function namePart(maxLength: number): z.ZodString {
  return text(maxLength).regex(/^[^/]*$/, 'no slashes');
}
