import type { ChangeState } from '../../change.ts';

/** What people and agents do to a change. */
export type Act = 'edit' | 'submit' | 'sign' | 'withdraw' | 'veto' | 'enact' | 'fail' | 'revert';

/**
 * Every act, the states in which it is possible, and the state it leads to; `same` where it stays as it is.
 * `docs/changes.md` shows the same table, and a test holds the two together.
 */
export const transitions: Readonly<Record<Act, Readonly<Partial<Record<ChangeState, ChangeState | 'same'>>>>> = {
  edit: { draft: 'same', pending: 'same', failed: 'pending' },
  submit: { draft: 'pending' },
  sign: { pending: 'same' },
  withdraw: { pending: 'same' },
  veto: { draft: 'vetoed', pending: 'vetoed', failed: 'vetoed' },
  enact: { pending: 'enacted' },
  fail: { pending: 'failed' },
  revert: { enacted: 'same' },
};

/** The state that an act leads to, or `undefined` where it is not possible. */
export function stateAfter(act: Act, state: ChangeState): ChangeState | undefined {
  const next = transitions[act][state];
  return next === 'same' ? state : next;
}

/** Whether a change can still come to be enacted without being edited. */
export function isOpen(state: ChangeState): boolean {
  return state === 'draft' || state === 'pending';
}
