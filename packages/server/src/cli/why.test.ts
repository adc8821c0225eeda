import { expect, test } from 'vitest';
import { whyLines } from './why.ts';

const change = { id: 7, reason: '0 % at the target', proposer: 'user:ada@example.org' } as const;

test('a change that waits says for what, when it is expected, and what each part comes to', () => {
  const lines = whyLines({
    ...change,
    state: 'pending',
    chain: { id: 6, step: 2, of: 3 },
    waitsFor: ['1 of 1 sign-offs as qa (policy qa)', 'uptake is low'],
    leaves: [
      { truth: 'true', says: 'at once' },
      { truth: 'false', says: 'uptake is low', reading: { note: 'an estimate' }, expectedAt: '2026-12-01T10:00:00Z' },
    ],
    expectedAt: '2026-12-01T10:00:00Z',
    notices: { state: 'waiting', says: 'its notice is still to be delivered' },
    attempts: { failures: 2, nextAt: '2026-12-01T09:00:00Z', detail: 'the database is busy' },
    overshoot: { says: 'about 5 installs more' },
  });
  expect(lines).toEqual([
    'change 7 is pending, step 2 of 3 of chain 6: 0 % at the target (proposed by user:ada@example.org)',
    '  waits for  1 of 1 sign-offs as qa (policy qa)',
    '  waits for  uptake is low',
    '  expected   2026-12-01T10:00:00Z',
    '  true       at once',
    '  false      uptake is low; expected at 2026-12-01T10:00:00Z',
    '             an estimate',
    '  notices    its notice is still to be delivered',
    '  attempts   2 failed in a row: the database is busy; not again before 2026-12-01T09:00:00Z',
    '  overshoot  about 5 installs more',
  ]);
});

test('one for which nothing is in the way waits to be enacted', () => {
  expect(whyLines({ ...change, state: 'pending', waitsFor: [] })[1]).toBe('  waits for  nothing but to be enacted');
});

test('one that is over says what became of it', () => {
  const end = { by: 'service-account:agent', at: '2026-12-01T10:00:00Z', reason: '', revision: 9 };
  expect(whyLines({ ...change, state: 'enacted', waitsFor: [], end })).toEqual([
    'change 7 is enacted: 0 % at the target (proposed by user:ada@example.org)',
    '  ended      at 2026-12-01T10:00:00Z by service-account:agent, revision 9',
  ]);
});
