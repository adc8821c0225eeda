import { firstTicket, lastTicket } from 'sluice';
import { describe, expect, test } from 'vitest';
import { drawTicket, makeSalt } from './draw-ticket.ts';

/** Pearson's chi squared against equal counts: one degree of freedom less than there are buckets. */
function chiSquared(values: readonly number[], buckets: number): number {
  const counts = new Array<number>(buckets).fill(0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const expected = values.length / buckets;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('a drawn ticket', () => {
  const tickets = Array.from({ length: 200_000 }, drawTicket);

  test('is a whole number between the first and the last', () => {
    for (const ticket of tickets)
      if (!Number.isInteger(ticket) || ticket < firstTicket || ticket > lastTicket) expect.fail(String(ticket));
    expect(new Set(tickets).size).toBeGreaterThan(190_000);
  });

  // 63 degrees of freedom: a fair draw is above 150 less than once in 10^8 times.
  test.each<[string, (ticket: number) => number]>([
    ['in its place', (ticket) => Math.floor(((ticket - firstTicket) * 64) / lastTicket)],
    ['in its last bits', (ticket) => ticket % 64],
    ['in its middle bits', (ticket) => (ticket >>> 9) % 64],
  ])('is even %s', (_, bucket) => {
    expect(chiSquared(tickets.map(bucket), 64)).toBeLessThan(150);
  });

  test('does not follow from the one before', () => {
    const pairs = tickets.slice(1).map((ticket, index) => (ticket % 8) * 8 + ((tickets[index] ?? 0) % 8));
    expect(chiSquared(pairs, 64)).toBeLessThan(150);
  });
});

describe('a salt', () => {
  const salts = Array.from({ length: 5000 }, makeSalt);

  test('is 16 characters of a-z and 0-9, and another one each time', () => {
    for (const salt of salts) expect(salt).toMatch(/^[a-z0-9]{16}$/);
    expect(new Set(salts).size).toBe(salts.length);
  });

  // 35 degrees of freedom: fair salts are above 110 less than once in 10^8 times.
  test('has each character equally often', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
    expect(
      chiSquared(
        [...salts.join('')].map((one) => alphabet.indexOf(one)),
        36,
      ),
    ).toBeLessThan(110);
  });
});
