import { describe, expect, test } from 'vitest';
import type { ChangeState } from '../../change.ts';
import { Problem } from '../../problem.ts';
import type { ApiAnswer } from '../api-client.ts';
import type { ShownChange } from '../shown-change.ts';
import { waitForChange } from './wait-for-change.ts';

const change = (state: ChangeState, version: number): ShownChange => ({
  id: 3,
  version,
  state,
  reason: '',
  proposer: 'user:ada@example.org',
  priority: 0,
  condition: { now: true },
  signOffs: [],
  conflicts: [],
  createdAt: '',
  updatedAt: '',
  edits: [],
});

/** A server that answers one after the other, and the last for ever. */
function answering(answers: readonly (ShownChange | Problem)[]) {
  let asked = 0;
  return {
    get: async <Body>(): Promise<ApiAnswer<Body>> => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer instanceof Problem) throw answer;
      return { body: answer as Body };
    },
  };
}

const away = new Problem('api-unavailable', 'being started anew');

describe('waiting for a change', () => {
  test('goes on until it is over, tells what is new, and bears that the server is away', async () => {
    const news: number[] = [];
    const answers = [change('pending', 1), away, change('pending', 2), away, change('enacted', 3)];
    const last = await waitForChange(answering(answers), change('pending', 1), {
      everyMs: 1,
      onNews: ({ version }) => news.push(version),
    });
    expect(last.state).toBe('enacted');
    expect(news).toEqual([2, 3]);
  });

  test.each(['enacted', 'vetoed', 'failed'] as const)('asks nothing where it is %s already', async (state) => {
    const never = { get: () => expect.fail() };
    expect((await waitForChange(never, change(state, 1), { onNews: () => expect.fail() })).state).toBe(state);
  });

  test('ends when its time is up', async () => {
    const api = answering([change('pending', 1)]);
    const last = await waitForChange(api, change('pending', 1), {
      everyMs: 5,
      mostMs: 20,
      onNews: () => expect.fail(),
    });
    expect(last.state).toBe('pending');
  });

  test('ends with what will not pass', async () => {
    const gone = new Problem('change-not-found', 'there is no change 3');
    for (const problem of [gone, away])
      await expect(
        waitForChange(answering([problem]), change('pending', 1), { everyMs: 1, onNews: () => {} }),
      ).rejects.toBe(problem);
  });
});
