import { expect, test } from 'vitest';
import type { ShownChange } from '../shown-change.ts';
import { changeLines, listedChangeLine, wholeChangeLines } from './change-lines.ts';

const pending: ShownChange = {
  id: 7,
  version: 3,
  state: 'pending',
  reason: 'because',
  proposer: 'user:ada@example.org',
  priority: 5,
  condition: {
    all: [{ time: { after: '2026-12-01T10:00', zone: 'Europe/Berlin' } }, { change: { id: 3, state: 'enacted' } }],
  },
  signOffs: [{ user: 'bob@example.org', role: 'qa', at: '2026-11-21T10:00:00.000Z' }],
  conflicts: [{ kind: 'rule', name: '20', expectedVersion: 1, currentVersion: 2, paths: ['/share'], change: 6 }],
  createdAt: '2026-11-21T09:00:00.000Z',
  updatedAt: '2026-11-21T09:00:00.000Z',
  edits: [{ kind: 'rule', name: '20', expectedVersion: 1, op: 'patch', patch: { share: { percent: 40 } } }],
  facts: {
    required: [
      { role: 'managers', count: 2, ownSignOff: false, policies: ['fx', 'all'], signedBy: ['bob@example.org'] },
      { role: 'qa', count: 1, ownSignOff: false, policies: ['fx'], signedBy: ['bob@example.org'] },
    ],
    isSigned: false,
    isPast: false,
    dueAt: '2026-12-01T09:00:00.000Z',
    truth: 'false',
    leaves: [
      {
        leaf: { time: { after: '2026-12-01T10:00', zone: 'Europe/Berlin' } },
        truth: 'false',
        says: 'the time from 2026-12-01T10:00 Europe/Berlin: holds from 2026-12-01T09:00:00.000Z on',
      },
      {
        leaf: { change: { id: 3, state: 'enacted' } },
        truth: 'unknown',
        says: 'change 3 to be enacted: nothing is known of it',
      },
    ],
    freezes: [{ name: 'holidays', until: '2027-01-07T00:00:00.000Z', reason: 'nobody is there' }],
    objects: [
      {
        kind: 'rule',
        name: '20',
        before: { share: { percent: 25 }, a: [1] },
        after: { share: { percent: 40 }, b: 'x' },
      },
      { kind: 'pin', name: 'gone', before: {} },
      { kind: 'pin', name: 'new', after: { product: 'A' } },
    ],
  },
};

test('a pending change is told with all that it waits for', () => {
  expect(changeLines(pending)).toEqual([
    'change 7 is pending (version 3)',
    '  in conflict: change 6 altered rule 20 /share too',
    '  waits for 1 of 2 sign-offs as managers (policy fx, all)',
    '  waits for the time from 2026-12-01T10:00 Europe/Berlin: holds from 2026-12-01T09:00:00.000Z on',
    '  waits for change 3 to be enacted: nothing is known of it (unknown)',
    '  held by freeze holidays until 2027-01-07T00:00:00.000Z: nobody is there',
  ]);
});

test('all of a change is told with what it alters', () => {
  const lines = wholeChangeLines(pending);
  expect(lines.slice(0, 6)).toEqual([
    'change 7 is pending (version 3)',
    '  why        because',
    '  proposed   by user:ada@example.org at 2026-11-21T09:00:00.000Z',
    '  when       from 2026-12-01T10:00 Europe/Berlin and change 3 to be enacted, which is 2026-12-01T09:00:00.000Z',
    '  priority   5',
    '  signed     by bob@example.org as qa at 2026-11-21T10:00:00.000Z',
  ]);
  expect(lines.slice(-7)).toEqual([
    '  ~ rule 20',
    '      share.percent: 25 → 40',
    '      a: [1] → (none)',
    '      b: (none) → "x"',
    '  - pin gone',
    '  + pin new',
    '      product: A',
  ]);
});

test('a change that is over is told with its end', () => {
  const { facts: _, ...over } = pending;
  const end = { by: 'user:bob@example.org', at: '2026-11-21T11:00:00.000Z' };
  const enacted: ShownChange = { ...over, state: 'enacted', conflicts: [], end: { ...end, reason: '', revision: 9 } };
  expect(changeLines(enacted)).toEqual(['change 7 is enacted; revision 9']);
  expect(wholeChangeLines(enacted).slice(-2)).toEqual([
    '  ended      by user:bob@example.org at 2026-11-21T11:00:00.000Z',
    '  patch rule 20',
  ]);
  const vetoed: ShownChange = { ...over, state: 'vetoed', conflicts: [], end: { ...end, reason: 'no' } };
  expect(changeLines(vetoed)).toEqual(['change 7 is vetoed by user:bob@example.org at 2026-11-21T11:00:00.000Z: no']);
});

test('a step says of which chain it is', () => {
  const step = { ...pending, chain: { id: 6, step: 2, of: 3 } };
  expect(wholeChangeLines(step)).toContain('  chain      step 2 of 3 of chain 6');
  expect(listedChangeLine({ ...step, objects: [] })).toContain('; step 2 of 3 of chain 6; in conflict)');
});

test('a list has a line for each', () => {
  const objects = [{ kind: 'rule', name: '20', op: 'patch' } as const, { kind: 'pin', name: 'a', op: 'put' } as const];
  expect(listedChangeLine({ ...pending, condition: { now: true }, objects })).toBe(
    '     7  pending   user:ada@example.org: because  (patch rule 20 and 1 more; in conflict)',
  );
});
