import { murmur3 } from './murmur3.ts';

/** The lowest ticket there is. */
export const firstTicket = 1;
/** The highest ticket there is: 2^24 − 2. */
export const lastTicket = 16_777_214;

/** Draws a ticket at random, uniformly from `firstTicket` to `lastTicket`; called anew for each admission. */
export type Draw = () => number;

/**
 * The ticket of a unit for whatever owns the salt: an integer from 1 to 16 777 214.
 *
 * @param salt 16 characters of `[a-z0-9]`, stored with the rule, throttle or feature that owns it
 * @param unitId any text, taken as it is: neither trimmed nor lower-cased; must not be empty (an empty id is missing)
 * @example
 * ticket('a1b2c3d4e5f6g7h8', 'install-42') < nowServing(25) // admitted to a quarter, now and at every later call
 */
export function ticket(salt: string, unitId: string): number {
  return toTicket(murmur3(`${salt}:${unitId}`));
}

/** The top 24 bits of a 32-bit hash, kept clear of both ends so that 0 serves nobody and 2^24 − 1 everybody. */
export function toTicket(hash: number): number {
  return Math.min(Math.max(hash >>> 8, firstTicket), lastTicket);
}
