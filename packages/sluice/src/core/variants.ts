import { murmur3 } from './murmur3.ts';

/** Variants share out 10 000 slots, 0.01 % each. */
export const slotCount = 10_000;

/** A run of slots, `from` inclusive to `to` exclusive, and the variant that owns it. */
export interface SlotRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** How many slots each variant is to own; together `slotCount` or less. */
export type SlotWeights = readonly { readonly variant: string; readonly slots: number }[];

/**
 * Moves slots between variants so that each owns what `weights` says, and no more slots than that takes change hands:
 * a variant that grows takes only from variants that shrink and from slots that nobody owns.
 * Start from `[]` for a first allocation.
 */
export function allocateSlots(current: readonly SlotRange[], weights: SlotWeights): readonly SlotRange[] {
  const owners = new Array<string | undefined>(slotCount).fill(undefined);
  const missing = new Map(weights.map(({ variant, slots }) => [variant, slots]));
  for (const { variant, from, to } of current) {
    for (let slot = Math.max(0, Math.ceil(from)); slot < Math.min(to, slotCount); slot += 1) {
      const left = missing.get(variant) ?? 0;
      if (!(left > 0)) break;
      if (owners[slot] !== undefined) continue;
      owners[slot] = variant;
      missing.set(variant, left - 1);
    }
  }
  let free = 0;
  for (const [variant, count] of missing) {
    for (let left = count; left > 0; free += 1) {
      if (free >= slotCount) return ranges(owners);
      if (owners[free] !== undefined) continue;
      owners[free] = variant;
      left -= 1;
    }
  }
  return ranges(owners);
}

function ranges(owners: readonly (string | undefined)[]): SlotRange[] {
  const found: SlotRange[] = [];
  for (let from = 0; from < slotCount; ) {
    const variant = owners[from];
    let to = from + 1;
    while (to < slotCount && owners[to] === variant) to += 1;
    if (variant !== undefined) found.push({ variant, from, to });
    from = to;
  }
  return found;
}

/**
 * The variant of a unit, or `undefined` where nobody owns its slot. It hangs on another hash than the ticket, so that
 * the admitted share does not skew the variants.
 */
export function variantOf(ranges: readonly SlotRange[], salt: string, unitId: string): string | undefined {
  const slot = Math.floor(((murmur3(`${salt}#${unitId}`) >>> 8) * slotCount) / 0x1000000);
  return ranges.find(({ from, to }) => slot >= from && slot < to)?.variant;
}
