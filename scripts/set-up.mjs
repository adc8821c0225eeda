import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entry } from '../packages/server/bin/entry.mjs';
import { root, runTool } from './tools.mjs';

/**
 * Gets a fresh clone ready to run, and does nothing, quickly, where that was done before.
 * Throws an error with one sentence where it cannot.
 */
export function setUp() {
  requireNode();
  installIfNeeded();
  buildIfNeeded();
}

/** Does one of these steps, and where it cannot be done ends the process with its sentence. */
export function orExit(step) {
  try {
    step();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  throw new Error(`Sluice needs Node 20.20 or newer (24 is best); this is ${process.versions.node}.`);
}

/** Installs the npm packages unless those that are there are those of package-lock.json. */
export function installIfNeeded() {
  if (isInstalled()) return;
  console.log('Installing npm packages …');
  // `npm ci` refuses a lockfile that lacks another platform's optional binary. This installs what the lockfile
  // says all the same, and leaves the file as it is.
  const { status } = spawnSync('npm', ['install', '--no-save', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('The npm packages could not be installed.');
}

// npm keeps a lockfile of what it installed inside node_modules; it writes it last, so a broken installation has none.
function isInstalled() {
  const installed = readLockfile('node_modules/.package-lock.json');
  if (installed === undefined) return false;
  return Object.entries(readLockfile('package-lock.json') ?? {}).every(([path, wanted]) => {
    const found = installed[path];
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    if (found === undefined) return wanted.optional === true || wanted.peer === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function readLockfile(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** Compiles what changed, and bundles it. The compiler itself knows what that is, in a tenth of a second. */
export function buildIfNeeded() {
  // The compiler trusts its notes and not the folder: where only the output was deleted it would build nothing.
  const packages = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references;
  const isMissing = packages.some(({ path }) => !existsSync(join(root, path, 'dist')));
  if (isMissing) console.log('Building (tsc -b) …');
  const { status } = runTool('tsc', isMissing ? ['-b', '--force'] : ['-b']);
  if (status !== 0) throw new Error('The build failed.');
  if (entry().isBundle) return;
  const config = ['--config', 'packages/server/rolldown.config.mjs'];
  const { status: bundled, stderr } = runTool('rolldown', config, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (bundled !== 0) throw new Error(`The program could not be bundled: ${stderr}`);
}
