import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3 } from './murmur3.ts';
import { uuids } from './unit-ids.fixture.ts';
import { allocateSlots, type SlotRange, type SlotWeights, slotCount, variantOf } from './variants.ts';

const salt = 'k3v9x0q7m1z5c8b2';
const before: SlotWeights = [
  { variant: 'a', slots: 1000 },
  { variant: 'b', slots: 1000 },
  { variant: 'c', slots: 8000 },
];
const after: SlotWeights = [
  { variant: 'a', slots: 2000 },
  { variant: 'b', slots: 1000 },
  { variant: 'c', slots: 7000 },
];

/** Who owns each slot, slot by slot. */
function owners(ranges: readonly SlotRange[]): readonly (string | undefined)[] {
  return Array.from({ length: slotCount }, (_, slot) => {
    return ranges.find(({ from, to }) => slot >= from && slot < to)?.variant;
  });
}

function counts(ranges: readonly SlotRange[]): Map<string | undefined, number> {
  const found = new Map<string | undefined, number>();
  for (const owner of owners(ranges)) found.set(owner, (found.get(owner) ?? 0) + 1);
  return found;
}

function movedSlots(one: readonly SlotRange[], other: readonly SlotRange[]): number {
  const now = owners(other);
  return owners(one).filter((owner, slot) => owner !== now[slot]).length;
}

/** The way not taken: one variant after the other, so that a new weight shifts all that follow. */
function cumulativeRanges(weights: SlotWeights): readonly SlotRange[] {
  let from = 0;
  return weights.map(({ variant, slots }) => {
    const range = { variant, from, to: from + slots };
    from += slots;
    return range;
  });
}

/** Weights of up to five variants that together own no more slots than there are. */
const weightsArbitrary: fc.Arbitrary<SlotWeights> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'), { maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: slotCount }), { minLength: 5, maxLength: 5 }),
  )
  .map(([names, cuts]) => {
    const edges = [0, ...cuts.slice(0, names.length).sort((a, b) => a - b)];
    return names.map((variant, at) => ({ variant, slots: (edges[at + 1] ?? 0) - (edges[at] ?? 0) }));
  });

describe('reweighting variants', () => {
  test('from 10/10/80 to 20/10/70 moves 10 % of the slots, where cumulative ranges move 20 %', () => {
    const first = allocateSlots([], before);
    expect(movedSlots(first, allocateSlots(first, after))).toBe(1000);
    expect(movedSlots(cumulativeRanges(before), cumulativeRanges(after))).toBe(2000);
  });

  test('from 10/10/80 to 20/10/70 moves 10 % of 40 000 units, where cumulative ranges move 20 %', () => {
    const unitIds = uuids(40_000, 4);
    const movedPercent = (one: readonly SlotRange[], other: readonly SlotRange[]) =>
      unitIds.filter((id) => variantOf(one, salt, id) !== variantOf(other, salt, id)).length / 400;
    const first = allocateSlots([], before);
    // The standard deviation is 0.15 and 0.2 of a percent; the bounds are four of them.
    expect(Math.abs(movedPercent(first, allocateSlots(first, after)) - 10)).toBeLessThan(0.6);
    expect(Math.abs(movedPercent(cumulativeRanges(before), cumulativeRanges(after)) - 20)).toBeLessThan(0.8);
  });

  test('gives every variant the slots that its weight says', () => {
    fc.assert(
      fc.property(weightsArbitrary, weightsArbitrary, (one, other) => {
        const found = counts(allocateSlots(allocateSlots([], one), other));
        for (const { variant, slots } of other) expect(found.get(variant) ?? 0).toBe(slots);
        const total = other.reduce((sum, { slots }) => sum + slots, 0);
        expect(found.get(undefined) ?? 0).toBe(slotCount - total);
      }),
      { numRuns: 50 },
    );
  });

  test('moves the fewest slots there can be', () => {
    fc.assert(
      fc.property(weightsArbitrary, weightsArbitrary, (one, other) => {
        const first = allocateSlots([], one);
        const second = allocateSlots(first, other);
        const [had, has] = [counts(first), counts(second)];
        const gains = [...has].map(([owner, count]) => Math.max(0, count - (had.get(owner) ?? 0)));
        expect(movedSlots(first, second)).toBe(gains.reduce((sum, gain) => sum + gain, 0));
      }),
      { numRuns: 50 },
    );
  });

  test('with the weights it has changes nothing', () => {
    fc.assert(
      fc.property(weightsArbitrary, weightsArbitrary, (one, other) => {
        const ranges = allocateSlots(allocateSlots([], one), other);
        expect(allocateSlots(ranges, other)).toEqual(ranges);
      }),
      { numRuns: 50 },
    );
  });

  test('takes more slots than there are for as many as there are', () => {
    const ranges = allocateSlots(
      [],
      [
        { variant: 'a', slots: 9000 },
        { variant: 'b', slots: 9000 },
      ],
    );
    expect(counts(ranges)).toEqual(
      new Map([
        ['a', 9000],
        ['b', 1000],
      ]),
    );
  });

  test('takes ranges that overlap, or begin before the first slot, for what is left of them', () => {
    const overlapping = [
      { variant: 'a', from: -3.5, to: 10 },
      { variant: 'b', from: 5, to: 15 },
    ];
    const weights = [
      { variant: 'a', slots: 10 },
      { variant: 'b', slots: 10 },
    ];
    expect(allocateSlots(overlapping, weights)).toEqual([
      { variant: 'a', from: 0, to: 10 },
      { variant: 'b', from: 10, to: 20 },
    ]);
  });

  test.each([-1, Number.NaN, Number.NEGATIVE_INFINITY])('takes a weight of %d for none', (slots) => {
    const first = allocateSlots([], before);
    expect(counts(allocateSlots(first, [{ variant: 'c', slots }]))).toEqual(new Map([[undefined, slotCount]]));
  });

  test('is total over any ranges and weights', () => {
    const range = fc.record({ variant: fc.string(), from: fc.double(), to: fc.double({ min: -10, max: 20_000 }) });
    const weight = fc.record({ variant: fc.string(), slots: fc.double() });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 3 }), fc.array(weight, { maxLength: 3 }), (ranges, weights) => {
        for (const { from, to } of allocateSlots(ranges, weights)) {
          expect(from >= 0 && from < to && to <= slotCount).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the variant of a unit', () => {
  test('is the owner of its slot, which comes of salt, hash sign and id', () => {
    const ranges = allocateSlots(allocateSlots([], before), after);
    for (const unitId of uuids(200, 5)) {
      const slot = Number((BigInt(murmur3(`${salt}#${unitId}`) >>> 8) * 10_000n) / 16_777_216n);
      expect(variantOf(ranges, salt, unitId)).toBe(owners(ranges)[slot]);
    }
  });

  test('is none where nobody owns the slot', () => {
    const half = allocateSlots([], [{ variant: 'a', slots: 5000 }]);
    const found = new Set(uuids(100, 6).map((unitId) => variantOf(half, salt, unitId)));
    expect(found).toEqual(new Set(['a', undefined]));
    expect(variantOf([], salt, 'install-42')).toBe(undefined);
  });
});
