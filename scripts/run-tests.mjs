import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './set-up.mjs';
import { installSystemPackages } from './system-packages.mjs';
import { root, runTool } from './tools.mjs';

// The one reason to skip that is fine everywhere: material that is not part of a clone.
const permittedSkip = '(skipped: ../shared is absent)';
const resultsFile = join(root, '.setup/test-results.json');

/** Sets up, type-checks the tests and runs them; prints `N passed, N failed` last and answers the exit code. */
export function runTests(vitestArgs) {
  try {
    setUp();
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    return 1;
  }
  installSystemPackages();

  const types = runTool('tsc', ['--noEmit', '-p', 'tsconfig.tests.json']);
  if (types.status !== 0) console.error('The type-check of the tests failed, which counts as one failure.');

  mkdirSync(join(root, '.setup'), { recursive: true });
  rmSync(resultsFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
  const vitest = runTool('vitest', ['run', ...reporters, ...vitestArgs]);

  const tally = count(readResults(), process.env.CI === 'true');
  if (vitest.status !== 0 && tally.failed === 0) {
    console.error('The test runner itself failed, which counts as one failure.');
    tally.failed += 1;
  }
  for (const name of tally.refusedSkips)
    console.error(`Skipped without a permitted reason, which counts as a failure: ${name}`);
  if (types.status !== 0) tally.failed += 1;

  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  console.log(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
  return tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8')).testResults;
  } catch {
    return [];
  }
}

/** Counts test cases. A file that failed as a whole counts as one failure, and so does, in CI, a skip nobody permitted. */
export function count(files, isCi) {
  const tally = { passed: 0, failed: 0, skipped: 0, refusedSkips: [] };
  for (const file of files) {
    const failedBefore = tally.failed;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') tally.failed += 1;
      else if (!isCi || test.fullName.includes(permittedSkip)) tally.skipped += 1;
      else tally.refusedSkips.push(test.fullName);
    }
    if (file.status === 'failed' && tally.failed === failedBefore) tally.failed += 1;
  }
  tally.failed += tally.refusedSkips.length;
  return tally;
}
