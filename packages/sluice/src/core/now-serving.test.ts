import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admits, everybody, nobody, nowServing } from './now-serving.ts';
import { firstTicket, lastTicket } from './ticket.ts';

/** Percentages in units of 0.00001 %, so that they are exact. */
const units = fc.integer({ min: 0, max: 10_000_000 });

/** Reads like a person writes it: `12.34567` for 1 234 567 units. */
function percentOf(unitCount: number): number {
  return Number(`${Math.floor(unitCount / 100_000)}.${String(unitCount % 100_000).padStart(5, '0')}`);
}

function exactNowServing(unitCount: number): number {
  if (unitCount === 0) return 0;
  if (unitCount === 10_000_000) return 16_777_215;
  return Number(1n + (BigInt(unitCount) * 16_777_214n) / 10_000_000n);
}

describe('the now-serving number', () => {
  test('is exact for every percentage of at most five places', () => {
    fc.assert(
      fc.property(units, (unitCount) => {
        expect(nowServing(percentOf(unitCount))).toBe(exactNowServing(unitCount));
      }),
      { numRuns: 2000 },
    );
  });

  test('is exact for every percentage of at most two places', () => {
    for (let hundredths = 0; hundredths <= 10_000; hundredths += 1) {
      expect(nowServing(hundredths / 100)).toBe(exactNowServing(hundredths * 1000));
    }
  });

  test.each([
    [0, 0],
    [0.00001, 2],
    [0.00002, 4],
    [1, 167_773],
    [10, 1_677_722],
    [25, 4_194_304],
    [33.33333, 5_592_405],
    [50, 8_388_608],
    [99, 16_609_442],
    [99.99999, 16_777_213],
    [100, 16_777_215],
  ])('of %d %% is %i', (percent, expected) => {
    expect(nowServing(percent)).toBe(expected);
  });

  test('of 0 admits nobody and of 100 everybody', () => {
    expect([nowServing(0), nowServing(100)]).toEqual([nobody, everybody]);
    expect(admits(nobody, firstTicket)).toBe(false);
    expect(admits(everybody, lastTicket)).toBe(true);
  });

  test('of the least and the greatest percentage between them admits somebody and not everybody', () => {
    expect(admits(nowServing(0.00001), firstTicket)).toBe(true);
    expect(admits(nowServing(99.99999), lastTicket)).toBe(false);
  });

  test('lets the right number of tickets in, to within one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (unitCount) => {
        const tickets = nowServing(percentOf(unitCount)) - firstTicket;
        expect(Math.abs(tickets - (unitCount / 10_000_000) * lastTicket)).toBeLessThan(1);
      }),
    );
  });

  test('grows with the percentage: each of its steps counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), (unitCount) => {
        expect(nowServing(percentOf(unitCount + 1))).toBeGreaterThan(nowServing(percentOf(unitCount)));
      }),
    );
  });

  test('raising the share never takes a unit out, lowering it never lets one in', () => {
    fc.assert(
      fc.property(units, units, fc.integer({ min: firstTicket, max: lastTicket }), (one, other, mine) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        if (admits(nowServing(percentOf(low)), mine)) expect(admits(nowServing(percentOf(high)), mine)).toBe(true);
      }),
    );
  });

  test.each([
    [Number.NaN, 0],
    [-1, 0],
    [-0, 0],
    [-1e300, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.MIN_VALUE, 0],
    [0.000004, 0],
    [100.00001, 16_777_215],
    [1e9, 16_777_215],
    [1e308, 16_777_215],
    [Number.POSITIVE_INFINITY, 16_777_215],
  ])('takes the nearer end for what is no percentage: %d gives %i', (percent, expected) => {
    expect(nowServing(percent)).toBe(expected);
  });

  test('is an integer from 0 to 16 777 215 for any number at all', () => {
    fc.assert(
      fc.property(fc.double(), (percent) => {
        const number = nowServing(percent);
        expect(Number.isInteger(number) && number >= 0 && number <= 16_777_215).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the rule of admission', () => {
  test('admits exactly the tickets below the number now being served', () => {
    expect([4_194_302, 4_194_303, 4_194_304, 4_194_305].map((mine) => admits(4_194_304, mine))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
