import { expect, test } from 'vitest';
import type { CountBatch } from '../count.ts';
import { aCount } from './a-series.fixture.ts';
import { clampBatch } from './clamp-batch.ts';

const binMs = 60_000;
const nowMs = 10 * binMs + 7;
const batch = (throughMs: number, ...bins: readonly number[]): CountBatch => ({
  source: 's',
  sequence: 1,
  throughMs,
  counts: bins.map((at) => aCount({ binMs: at })),
});

test('a batch of a clock that is right stays as it is', () => {
  const right = batch(nowMs - 5, 3 * binMs, 10 * binMs, 11 * binMs);
  expect(clampBatch(right, nowMs, binMs)).toEqual(right);
});

test('what a clock that is ahead makes of the future is counted in the next bin at the latest, and told up to now', () => {
  const { throughMs, counts } = clampBatch(batch(nowMs + 1e12, 10 * binMs, 11 * binMs + 1, 1e15), nowMs, binMs);
  expect(throughMs).toBe(nowMs);
  expect(counts.map((count) => count.binMs)).toEqual([10 * binMs, 11 * binMs, 11 * binMs]);
});
