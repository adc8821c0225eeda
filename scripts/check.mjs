import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded, orExit } from './set-up.mjs';
import { root, runNode, runTool } from './tools.mjs';

const captured = { stdio: ['ignore', 'pipe', 'pipe'] };

const steps = {
  'format and lint': () => noFindings(runTool('biome', ['check', '--max-diagnostics=none', '.'], captured)),
  'types and build': () => runTool('tsc', ['-b'], captured),
  'types of tests': () => runTool('tsc', ['--noEmit', '-p', 'tsconfig.tests.json'], captured),
  'dead code': () => runTool('knip', [], captured),
  architecture: () => runTool('vitest', ['run', '--reporter=dot', 'test/architecture'], captured),
  ...(existsSync(join(root, 'scripts/docs.mjs')) && {
    'generated docs': () => runNode('scripts/docs.mjs', ['--check'], captured),
  }),
};

// Biome's exit code passes over its mildest findings; here a rule is an error or absent.
function noFindings(result) {
  return { ...result, status: /^Found \d+ /m.test(result.stdout + result.stderr) ? 1 : result.status };
}

orExit(installIfNeeded);
for (const [name, step] of Object.entries(steps)) {
  const { status, stdout, stderr } = step();
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status === 0) continue;
  console.log(stdout + stderr);
  process.exitCode = 1;
}
