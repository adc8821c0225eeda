import { describe, expect, test } from 'vitest';
import { chiSquaredOfIndependence, chiSquaredOfUniformity, contingencyTable } from './chi-squared.fixture.ts';
import { admits, nowServing } from './now-serving.ts';
import { seededSalts } from './seeded-random.fixture.ts';
import { ticket } from './ticket.ts';
import { emailAddresses, sequentialIds, uuids } from './unit-ids.fixture.ts';
import { allocateSlots, variantOf } from './variants.ts';

const unitCount = 40_000;
const bounds = [10, 20, 30, 40, 50, 60, 70, 80, 90].map(nowServing);

/** Which tenth of the units this one is admitted with: 0 at 10 %, 9 only at 100 %. */
function tenthOf(salt: string, unitId: string): number {
  const mine = ticket(salt, unitId);
  const first = bounds.findIndex((serving) => admits(serving, mine));
  return first < 0 ? bounds.length : first;
}

// Six salts make fifteen pairs of features. The seeds were taken once and are kept, so that the figures below are the
// same at every run. A table of 10 × 10 has 81 degrees of freedom: its chi squared is about 81, and above 126 once in a
// thousand tables, so that of 45 honest tables one in twenty-two sets has such a table somewhere. None was left out.
describe.each([
  ['sequential integers', sequentialIds(unitCount), 1],
  ['UUIDs', uuids(unitCount, 2), 2],
  ['e-mail addresses', emailAddresses(unitCount, 3), 3],
] as const)('over 40 000 units named by %s', (_, unitIds, seed) => {
  const salts = seededSalts(seed, 6);
  const tenths = salts.map((salt) => unitIds.map((unitId) => tenthOf(salt, unitId)));

  test('every tenth of the share admits as many', () => {
    for (const features of tenths) {
      const counts = new Array<number>(10).fill(0);
      for (const tenth of features) counts[tenth] = (counts[tenth] ?? 0) + 1;
      // 9 degrees of freedom: above 33.7 once in ten thousand.
      expect(chiSquaredOfUniformity(counts)).toBeLessThan(33.7);
    }
  });

  test('who is early for one feature is not early for another', () => {
    const found = tenths.flatMap((rows, at) =>
      tenths.slice(at + 1).map((columns) => chiSquaredOfIndependence(contingencyTable(rows, columns, 10))),
    );
    const sorted = found.sort((a, b) => a - b);
    expect(sorted).toHaveLength(15);
    expect(sorted[7]).toBeGreaterThan(70);
    expect(sorted[7]).toBeLessThan(95);
    expect(sorted[14]).toBeLessThan(130);
  });

  test('the admitted share does not skew the variants', () => {
    const ranges = allocateSlots(
      [],
      Array.from({ length: 10 }, (_, index) => ({ variant: String(index), slots: 1000 })),
    );
    for (const salt of salts) {
      for (const serving of [nowServing(10), nowServing(50)]) {
        const counts = new Array<number>(10).fill(0);
        for (const unitId of unitIds) {
          if (!admits(serving, ticket(salt, unitId))) continue;
          const variant = Number(variantOf(ranges, salt, unitId));
          counts[variant] = (counts[variant] ?? 0) + 1;
        }
        // 9 degrees of freedom over 36 such tables: above 33.7 once in ten thousand each.
        expect(chiSquaredOfUniformity(counts)).toBeLessThan(33.7);
      }
    }
  });
});
