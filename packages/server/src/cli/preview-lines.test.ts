import { expect, test } from 'vitest';
import { previewLines } from './preview-lines.ts';
import type { ShownPreview } from './shown-preview.ts';

const counts = { lines: 4, differing: 2, expected: 0.5, noticed: 0.25 };
const before = [
  { answer: 'A-1', probability: 0.75, by: { kind: 'rule', name: '10' } },
  { answer: 'nothing', probability: 0.25, by: undefined },
] as const;
const after = [{ answer: 'A-1', probability: 1, by: { kind: 'rule', name: '10' } }] as const;
const none: ShownPreview = {
  revision: 3,
  at: '2026-11-21T10:00:00.000Z',
  sampled: 0,
  complete: true,
  inexact: 0,
  total: { lines: 0, differing: 0, expected: 0, noticed: 0 },
  byProduct: { first: [], leftOut: 0 },
  byChannel: { first: [], leftOut: 0 },
  byOutcome: { first: [], leftOut: 0 },
  examples: [],
  regression: [],
  warnings: [],
  required: [],
};

test('a preview without lines says no more than that', () => {
  expect(previewLines(none)).toEqual([
    'preview of 0 request lines at revision 3, for 2026-11-21T10:00:00.000Z',
    '  0 of 0 lines may be answered otherwise: 0 other answers are expected, of which clients notice 0',
    'needs no sign-off',
  ]);
});

test('a preview is told with its figures, examples, regression set and sign-offs', () => {
  const lines = previewLines({
    ...none,
    sampled: 9,
    complete: false,
    inexact: 1,
    total: counts,
    byProduct: {
      first: [
        { name: 'A', ...counts },
        { name: 'B', ...counts, differing: 0 },
      ],
      leftOut: 2,
    },
    byOutcome: { first: [{ from: 'nothing', to: 'A-1', expected: 123.4 }], leftOut: 0 },
    examples: [{ url: '/update/3/A', userAgent: undefined, distance: 0.25, before, after }],
    regression: [
      { name: 'good', line: '/good', before: { passed: true, got: after }, after: { passed: true, got: after } },
      { name: 'new', line: '/new', before: { passed: true, got: after }, after: { passed: false, got: [] } },
      { name: 'old', line: '/old', before: { passed: false, got: before }, after: { passed: false, got: before } },
    ],
    required: [{ role: 'qa', count: 2, ownSignOff: false, policies: ['a', 'b'], signedBy: [] }],
  });
  expect(lines).toEqual([
    'preview of 9 request lines at revision 3, for 2026-11-21T10:00:00.000Z',
    '  time was up after 4 of them',
    '  2 of 4 lines may be answered otherwise: 0.5 other answers are expected, of which clients notice 0.25',
    '  1 lines count for less than they should: too many draws decide',
    '  product A: 2 of 4 lines, 0.5 other answers',
    '  … and 2 more',
    '  instead of nothing: A-1, 123 times',
    '  such as /update/3/A',
    '    before  75 % A-1 by rule 10, 25 % nothing',
    '    after   A-1 by rule 10',
    '  regression set: 1 of 3 lines get what they must',
    '  FAILS: new gets no answer for /new',
    '  FAILS (as before): old gets 75 % A-1 by rule 10, 25 % nothing for /old',
    'needs 2 sign-offs as qa (policy a, b)',
  ]);
});
