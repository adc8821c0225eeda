import { expect, test } from 'vitest';
import { count } from './run-tests.mjs';

const file = (status, ...tests) => ({
  status,
  assertionResults: tests.map(([testStatus, fullName = 'a test']) => ({ status: testStatus, fullName })),
});

test('each test case counts once', () => {
  const files = [file('failed', ['passed'], ['failed']), file('passed', ['passed'])];
  expect(count(files, true)).toMatchObject({ passed: 2, failed: 1, skipped: 0 });
});

test('a file that fails to load counts as one failure', () => {
  expect(count([file('failed'), file('failed', ['passed'])], true)).toMatchObject({ passed: 1, failed: 2 });
});

test("a skipped or planned test is counted as skipped on a developer's machine", () => {
  expect(count([file('passed', ['skipped'], ['todo'], ['pending'])], false)).toMatchObject({ failed: 0, skipped: 3 });
});

test('in CI a skip fails unless the folder beside the repository is absent', () => {
  const files = [
    file('passed', ['skipped', 'the corpus (skipped: ../shared is absent) answers'], ['skipped', 'needs a program']),
  ];
  expect(count(files, true)).toMatchObject({ failed: 1, skipped: 1, refusedSkips: ['needs a program'] });
});
