import type { Condition } from 'sluice';
import { expect, test } from 'vitest';
import { explainCondition } from './explain-condition.ts';

test('a condition is explained part by part, each with what it comes to', () => {
  const condition: Condition = {
    all: [
      { now: true },
      { time: { after: '2026-12-01T10:00', before: '2026-12-02T10:00', zone: 'Europe/Berlin' } },
      { any: [{ approval: { role: 'qa', count: 1 } }, { approval: { role: 'relman', count: 2 } }] },
      { not: { change: { id: 7, state: 'vetoed' } } },
    ],
  };
  const explained = explainCondition(condition, (leaf) => {
    if ('time' in leaf) return 'true';
    return 'approval' in leaf ? 'false' : 'unknown';
  });
  expect(explained).toEqual({
    truth: 'false',
    says: 'all of these must hold',
    parts: [
      { truth: 'true', says: 'at once: holds', parts: [] },
      {
        truth: 'true',
        says: 'from 2026-12-01T10:00 on and before 2026-12-02T10:00, in Europe/Berlin: holds',
        parts: [],
      },
      {
        truth: 'false',
        says: 'one of these must hold',
        parts: [
          { truth: 'false', says: '1 person in the role qa must sign: does not hold', parts: [] },
          { truth: 'false', says: '2 people in the role relman must sign: does not hold', parts: [] },
        ],
      },
      {
        truth: 'unknown',
        says: 'this must not hold',
        parts: [{ truth: 'unknown', says: 'change 7 must be vetoed: cannot be known', parts: [] }],
      },
    ],
  });
});

test('a time without a zone says so by its offset', () => {
  const { says } = explainCondition({ time: { before: '2026-12-01T10:00:00Z' } }, () => 'false');
  expect(says).toBe('before 2026-12-01T10:00:00Z: does not hold');
});
