import { expect, test } from 'vitest';
import { StandingBy } from './standing-by.ts';

const leaseMs = 5000;

test('who comes behind another agent waits a little at a time, and no longer when it is done', () => {
  const standing = new StandingBy(leaseMs);
  expect([standing.keepsOrder, standing.untilMs]).toEqual([true, 0]);
  standing.note({ id: 1, untilMs: 6000 }, 1000);
  expect([standing.keepsOrder, standing.untilMs]).toEqual([true, 1500]);
  standing.note({ id: 1, untilMs: 6000 }, 5950);
  expect(standing.untilMs).toBe(6050);
  standing.note(undefined, 6100);
  expect([standing.keepsOrder, standing.untilMs]).toEqual([true, 0]);
});

test('one that gets on is waited for, one that does not is not', () => {
  const standing = new StandingBy(leaseMs);
  for (let id = 1; id <= 20; id += 1) {
    standing.note({ id, untilMs: id * 1000 + leaseMs }, id * 1000);
    expect(standing.keepsOrder).toBe(true);
  }
  standing.note({ id: 20, untilMs: 40_000 }, 20_000 + 2 * leaseMs);
  expect([standing.keepsOrder, standing.untilMs]).toEqual([false, 0]);
});
