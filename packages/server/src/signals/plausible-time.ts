import { NotKnown } from '../not-known.ts';

const mostAheadMs = 300_000;

/** The time of some data in whole milliseconds, unless clocks can hardly differ so much. @throws NotKnown. */
export function plausibleTime(asOfMs: number, nowMs: number): number {
  if (!(asOfMs >= 0)) throw new NotKnown('its time lies before 1970');
  if (asOfMs > nowMs + mostAheadMs) throw new NotKnown('its time lies in the future');
  return Math.floor(asOfMs);
}
