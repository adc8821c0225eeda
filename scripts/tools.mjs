import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

// Each tool's own entry file: started with this Node itself, so that no shell and no npx stands between.
const entries = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  knip: 'node_modules/knip/bin/knip.js',
  rolldown: 'node_modules/rolldown/bin/cli.mjs',
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** Runs a development tool in the repository's root. Its input is closed: no tool may ask anything. */
export function runTool(name, args, options = {}) {
  return runNode(entries[name], args, options);
}

/** Runs a file with this Node in the repository's root. */
export function runNode(file, args, options = {}) {
  return spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
}
