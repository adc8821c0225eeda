import type { FreezeBody } from '../../kinds/freeze.ts';
import type { Reach } from '../../reach.ts';
import { placesOverlap } from '../access/places-overlap.ts';
import type { Moment } from './desk.ts';

/** A freeze that is on. */
export interface Freeze {
  readonly name: string;
  readonly untilMs: number;
  readonly reason: string;
}

/** The freezes that hold now where a change lies, the last to end first. */
export function freezesOn(
  { current, nowMs }: Pick<Moment, 'current' | 'nowMs'>,
  reaches: readonly Reach[],
): readonly Freeze[] {
  const freezes: Freeze[] = [];
  for (const { kind, name, body } of current.objects.values()) {
    if (kind !== 'freeze') continue;
    const { product, channel, from, to, reason } = body as FreezeBody;
    const untilMs = Date.parse(to);
    if (
      nowMs < Date.parse(from) ||
      nowMs >= untilMs ||
      !reaches.some((reach) => placesOverlap({ product, channel }, reach))
    )
      continue;
    freezes.push({ name, untilMs, reason });
  }
  return freezes.sort((a, b) => b.untilMs - a.untilMs);
}
