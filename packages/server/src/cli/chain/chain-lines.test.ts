import { expect, test } from 'vitest';
import type { ShownChange } from '../shown-change.ts';
import { chainLines, listedChainLine } from './chain-lines.ts';
import type { ShownChain } from './shown-chain.ts';

const step: ShownChange = {
  id: 6,
  version: 3,
  state: 'enacted',
  reason: 'in steps',
  proposer: 'user:ada@example.org',
  priority: 0,
  condition: { now: true },
  signOffs: [],
  conflicts: [],
  createdAt: '2026-11-21T09:00:00.000Z',
  updatedAt: '2026-11-21T09:00:00.000Z',
  end: { by: 'user:ada@example.org', at: '2026-11-21T10:00:00.000Z', reason: '', revision: 2 },
  edits: [],
  chain: { id: 6, step: 1, of: 2 },
};
const required = [{ role: 'qa', count: 1, ownSignOff: false, policies: ['fx'], signedBy: [] }];
const facts = { required, isSigned: false, isPast: false, truth: 'false', leaves: [], objects: [] } as const;
const { end: _, ...waiting } = step;

const chain: ShownChain = {
  id: 6,
  version: 5,
  state: 'pending',
  reason: 'in steps',
  proposer: 'user:ada@example.org',
  createdAt: '2026-11-21T09:00:00.000Z',
  of: 2,
  enacted: 1,
  current: 2,
  waitsFor: ['1 of 1 sign-offs as qa (policy fx)'],
  expectedAt: '2026-11-22T10:00:00.000Z',
  ifStopped: [{ says: 'rule 20 stays at 1 %' }],
  steps: [
    { what: 'rule 20 share 0 % -> 1 %', change: step },
    {
      what: 'rule 20 share 1 % -> 5 %',
      earliestAt: '2026-11-22T10:00:00.000Z',
      change: { ...waiting, id: 7, state: 'pending', facts, chain: { id: 6, step: 2, of: 2 } },
    },
  ],
};

test('a chain is told with its steps, what comes next, and what is left if it is stopped', () => {
  expect(chainLines(chain)).toEqual([
    'chain 6 is pending (version 5): in steps (proposed by user:ada@example.org)',
    '  step 1     enacted   rule 20 share 0 % -> 1 %  (change 6; at 2026-11-21T10:00:00.000Z)',
    '  step 2     pending   rule 20 share 1 % -> 5 %  (change 7; not before 2026-11-22T10:00:00.000Z; 1 of 1 sign-offs as qa missing)',
    '  next       step 2, expected at 2026-11-22T10:00:00.000Z',
    '  waits for  1 of 1 sign-offs as qa (policy fx)',
    '  if stopped rule 20 stays at 1 %',
  ]);
  expect(listedChainLine(chain)).toBe('     6  pending   user:ada@example.org: in steps  (1 of 2 steps enacted)');
});

test('a chain that is over is told with how things are left', () => {
  const { current: __, expectedAt: ___, ...over } = chain;
  const lines = chainLines({ ...over, state: 'vetoed', waitsFor: [], steps: chain.steps.slice(0, 1) });
  expect(lines.slice(1)).toEqual([
    '  step 1     enacted   rule 20 share 0 % -> 1 %  (change 6; at 2026-11-21T10:00:00.000Z)',
    '  now        rule 20 stays at 1 %',
  ]);
});
