import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { orExit, setUp } from './set-up.mjs';
import { root, runNode, runTool } from './tools.mjs';

// Benches are TypeScript and are compiled first: Node 20 cannot run them, and a figure should be that of built code.
const output = '.setup/bench';

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'harness.ts')
  .map((file) => file.slice(0, -'.ts'.length));

const [name, ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.log(`npm run bench -- NAME [--bars], where NAME is one of: ${names.join(', ') || '(there is none yet)'}`);
  process.exit(name === undefined ? 0 : 1);
}

orExit(setUp);
rmSync(join(root, output), { recursive: true, force: true });
const compiled = runTool('tsc', ['-p', 'bench/tsconfig.json']);
process.exitCode = compiled.status === 0 ? runNode(join(output, 'bench', `${name}.js`), options).status : 1;
