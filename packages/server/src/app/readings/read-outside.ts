import { setTimeout as pause } from 'node:timers/promises';
import type { Reading } from 'sluice';
import { durationMs } from '../../kinds/duration.ts';
import type { SignalBody } from '../../kinds/signal.ts';
import type { Outside, OutsideSignal } from '../../signal.ts';

export interface ReadOutsideOptions {
  /** All ways of reading that there are. */
  readonly signals: readonly OutsideSignal[];
  readonly outside: Outside;
  readonly nowMs: number;
  /** Is told what nobody expected. */
  readonly onBug: (error: unknown) => void;
}

/** What a signal may take beyond its own timeout. */
const graceMs = 1000;

/** Reads a signal once. Never fails, and never takes longer than the signal's timeout and a second. */
export async function readOutside(body: SignalBody, options: ReadOutsideOptions): Promise<Reading> {
  const { signals, outside, nowMs, onBug } = options;
  const unknown = (note: string): Reading => ({ asOfMs: nowMs, note });
  const signal = signals.find(({ source }) => source === body.source);
  if (signal === undefined) return unknown(`nothing here reads signals of ${body.source}`);
  const done = new AbortController();
  const mostMs = (durationMs(body.timeout) ?? 0) + graceMs;
  try {
    const late = pause(mostMs, unknown(`it was not read within ${mostMs / 1000} s`), { signal: done.signal });
    // When the reading is there, nobody waits for this any more.
    late.catch(() => {});
    return finite(await Promise.race([signal.read(body, outside, nowMs), late]));
  } catch (error) {
    onBug(error);
    return unknown('it could not be read, for a reason that nobody foresaw');
  } finally {
    done.abort();
  }
}

/** What is no number is none, whoever says it. */
function finite({ asOfMs, value, note }: Reading): Reading {
  return value === undefined || !Number.isFinite(value) ? { asOfMs, note } : { asOfMs, value, note };
}
