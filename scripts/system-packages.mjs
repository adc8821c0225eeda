import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.mjs';

// Debian asks this file before it starts a freshly installed daemon; 101 means "do not".
const policyFile = '/usr/sbin/policy-rc.d';
const noDaemons = '#!/bin/sh\nexit 101\n';

/** The Debian packages that the tests need. */
const listed = JSON.parse(readFileSync(join(root, 'scripts/system-packages.json'), 'utf8'));

/**
 * Installs the Debian packages that are missing, without letting them start daemons.
 * Where that is not possible it says so and goes on: the tests that need them then say what they miss.
 */
export function installSystemPackages(packages = listed) {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    console.error(`The tests also need these programs, which Debian packages as: ${missing.join(' ')}.`);
  } else if (process.getuid() !== 0) {
    console.error(`The tests also need system packages, which only root can install: sudo ${command}`);
  } else {
    console.log(`Installing system packages (${command}) …`);
    withoutDaemons(() => {
      apt(['update']);
      apt(['install', '--yes', '--no-install-recommends', ...missing]);
    });
  }
}

function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder.
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${Status}', name], { encoding: 'utf8' });
  return stdout === 'install ok installed';
}

function apt(args) {
  const { status } = spawnSync('apt-get', ['--quiet=2', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) console.error(`apt-get ${args[0]} failed.`);
}

function withoutDaemons(action) {
  const before = existsSync(policyFile) ? readFileSync(policyFile) : undefined;
  // Ctrl-C ends apt-get; this process lives on to put the machine back as it was.
  const stay = () => {};
  process.on('SIGINT', stay).on('SIGTERM', stay);
  writeFileSync(policyFile, noDaemons, { mode: 0o755 });
  try {
    action();
  } finally {
    if (before === undefined) rmSync(policyFile, { force: true });
    else writeFileSync(policyFile, before);
    process.off('SIGINT', stay).off('SIGTERM', stay);
  }
}
