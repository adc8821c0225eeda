import type { Reading } from 'sluice';

/**
 * What is to be kept of a reading behind the newest one there is; `undefined` where it says nothing new. Nobody alters the
 * past: what is known counts only when it is of a later time. That nothing can be known is kept as of just after what was
 * known last, whenever it was found, so that data which comes late is not taken for older than its own absence.
 */
export function followingReading<R extends Reading>(newest: Reading | undefined, reading: R): R | undefined {
  if (reading.value !== undefined) {
    return newest === undefined || reading.asOfMs > newest.asOfMs ? reading : undefined;
  }
  if (newest === undefined) return { ...reading, asOfMs: 0 };
  if (newest.value !== undefined) return { ...reading, asOfMs: newest.asOfMs + 1 };
  // It stands in the place of the one before.
  return newest.note === reading.note ? undefined : { ...reading, asOfMs: newest.asOfMs };
}
