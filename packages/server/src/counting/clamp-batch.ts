import type { CountBatch } from '../count.ts';

/**
 * A batch without what the clock of whoever counted made of the future: bins begin at the end of the present one at the
 * latest, and nobody has told more than all.
 */
export function clampBatch(batch: CountBatch, nowMs: number, binMs: number): CountBatch {
  const latest = Math.floor(nowMs / binMs) * binMs + binMs;
  const throughMs = Math.min(batch.throughMs, nowMs);
  if (batch.counts.every((count) => count.binMs <= latest)) return { ...batch, throughMs };
  return {
    ...batch,
    throughMs,
    counts: batch.counts.map((count) => (count.binMs <= latest ? count : { ...count, binMs: latest })),
  };
}
