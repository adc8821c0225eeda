import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTests } from './run-tests.mjs';
import { root } from './tools.mjs';

// The long forms of the tests that `npm test` runs short: those that ask for SLUICE_SOAK.
function soakTests() {
  const places = ['packages', 'test', 'bench'];
  const files = places.flatMap((place) =>
    readdirSync(join(root, place), { recursive: true }).map((name) => join(place, name)),
  );
  const tests = files.filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'));
  return tests.filter((file) => file.endsWith('.soak.test.ts') || asksForSoak(join(root, file)));
}

/** Whether a test, or what it imports from beside it, asks. */
function asksForSoak(path) {
  const text = readFileSync(path, 'utf8');
  if (text.includes('SLUICE_SOAK')) return true;
  const beside = [...text.matchAll(/from '\.\/([\w.-]+\.ts)'/g)].map(([, name]) => join(dirname(path), name));
  return beside.some((file) => readFileSync(file, 'utf8').includes('SLUICE_SOAK'));
}

process.env.SLUICE_SOAK = '1';
const chosen = process.argv.slice(2);
const oneDay = 24 * 60 * 60 * 1000;
process.exitCode = runTests([`--testTimeout=${oneDay}`, ...(chosen.length > 0 ? chosen : soakTests())]);
