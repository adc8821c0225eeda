import { lastTicket } from './ticket.ts';

/** The now-serving number that admits nobody. */
export const nobody = 0;
/** The now-serving number that admits every ticket: 2^24 − 1. */
export const everybody = 16_777_215;

/** Percentages are counted in units of 0.00001 %. */
const unitsPerPercent = 100_000;
const allUnits = 100 * unitsPerPercent;

/**
 * The now-serving number of a percentage: 0 for 0, 16 777 215 for 100, and between them a number that grows with it.
 * Percentages count to five decimal places; what is not a number from 0 to 100 is taken as the nearer end, NaN as 0.
 *
 * @example
 * nowServing(25) // 4194304
 */
export function nowServing(percent: number): number {
  const units = Math.round(percent * unitsPerPercent);
  if (!(units > 0)) return nobody;
  if (units >= allUnits) return everybody;
  // units × lastTicket stays below 2^53, so the product is exact and the floor is the floor.
  return 1 + Math.floor((units * lastTicket) / allUnits);
}

/** The one rule of admission. */
export function admits(nowServingNumber: number, ticketNumber: number): boolean {
  return ticketNumber < nowServingNumber;
}
