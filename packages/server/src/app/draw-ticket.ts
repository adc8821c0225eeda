import { getRandomValues, randomInt } from 'node:crypto';
import { type Draw, firstTicket, lastTicket } from 'sluice';

const batch = new Uint32Array(1024);
let used = batch.length;

/** Draws a ticket, each of the 16 777 214 equally likely, from the system's secure random source, a batch at a time. */
export const drawTicket: Draw = () => {
  for (;;) {
    if (used >= batch.length) {
      getRandomValues(batch);
      used = 0;
    }
    // 24 bits give two numbers too many, the first and the last; those are drawn again.
    const number = (batch[used] ?? 0) >>> 8;
    used += 1;
    if (number >= firstTicket && number <= lastTicket) return number;
  }
};

const saltAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Makes a salt: 16 characters of `[a-z0-9]` from a secure random source. */
export function makeSalt(): string {
  return Array.from({ length: 16 }, () => saltAlphabet[randomInt(saltAlphabet.length)]).join('');
}
