import type { Reading } from 'sluice';
import { durationMs } from '../kinds/duration.ts';
import type { Counted } from '../signal.ts';

/** A time that ends with the newest count, in milliseconds since 1970. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** How long it is; of one that goes back as far as counts do it is infinite. */
  readonly lastsMs: number;
}

/** How long windows are. */
export interface WindowLength {
  /** As a condition says it: a duration of ISO 8601. */
  readonly said: string | undefined;
  /** Unless it says one. */
  readonly usualMs: number;
  /** Shorter ones are made as long as this. */
  readonly leastMs?: number;
}

/** What was found in a window; without a value where it cannot be known, and the note says why. */
export interface Found {
  readonly value?: number;
  readonly note: string;
}

/** Reads something of the window that ends with the newest count. Its value is finite, or there is none. */
export async function overWindow(
  counted: Counted,
  { said, usualMs, leastMs = 0 }: WindowLength,
  look: (window: Window) => Promise<Found>,
): Promise<Reading> {
  const { throughMs: toMs, trouble } = counted;
  if (toMs === undefined) return { asOfMs: 0, note: trouble ?? 'nothing was ever counted' };
  const wantedMs = said === undefined ? usualMs : durationMs(said);
  const reading = (value: number | undefined, note: string): Reading => ({
    asOfMs: toMs,
    ...(value !== undefined && Number.isFinite(value) && { value }),
    note: trouble === undefined ? note : `${note}; ${trouble}`,
  });
  if (wantedMs === undefined || wantedMs <= 0) return reading(undefined, `${said} is no window`);
  const lastsMs = Math.max(wantedMs, leastMs);
  const { value, note } = await look({ fromMs: Math.max(0, toMs - lastsMs), toMs, lastsMs });
  return reading(value, note);
}
