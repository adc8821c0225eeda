import { type Draw, lastTicket } from './ticket.ts';

/** A reproducible stream of unsigned 32-bit integers (Tommy Ettinger's mulberry32, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Draws tickets as a server would, but reproducibly. */
export function seededDraw(seed: number): Draw {
  const random = seededRandom(seed);
  return () => 1 + Math.floor((random() / 2 ** 32) * lastTicket);
}

const saltAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Salts as a store would make them, in the order of the generator: none is left out. */
export function seededSalts(seed: number, count: number): readonly string[] {
  const random = seededRandom(seed);
  const salt = () => Array.from({ length: 16 }, () => saltAlphabet[random() % saltAlphabet.length]).join('');
  return Array.from({ length: count }, salt);
}
