import type { Reading } from 'sluice';
import { briefText } from '../brief-text.ts';
import { NotKnown } from '../not-known.ts';

/** What `read` finds, or a reading that says why nothing can be known; `from` is what every note begins with. */
export async function knownOrWhy(from: string, nowMs: number, read: () => Promise<Reading>): Promise<Reading> {
  try {
    const { note, ...rest } = await read();
    return { ...rest, note: `${from}: ${briefText(note, 240)}` };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return { asOfMs: nowMs, note: `${from}: ${briefText(error.message, 240)}` };
  }
}
