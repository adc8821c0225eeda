import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../packages/server/src/config.ts';
import { makeFolder, root, run } from '../journeys/sluice-process.ts';

const analyzer = '/usr/bin/systemd-analyze';
const isThere = existsSync(analyzer);
const unit = readFileSync(join(root, 'deploy/sluice.service'), 'utf8');

/** The most that systemd may find the unit exposed, in tenths, of 100. It finds 13. */
const threshold = 15;

/** What systemd says to a unit whose program lies in this clone and not in its place. */
function analyze(
  text: string,
  ...command: readonly string[]
): { readonly status: number | null; readonly said: string } {
  const file = join(makeFolder(), 'sluice.service');
  writeFileSync(file, text.replaceAll('/opt/sluice/', root));
  const { status, stdout, stderr } = spawnSync(analyzer, [...command, file], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

const verify = (text: string) => analyze(text, 'verify', '--man=no');
const expose = (text: string) => analyze(text, 'security', '--offline=true', '--no-pager', `--threshold=${threshold}`);

/** The value of a setting that the unit must have just once. */
function settingOf(name: string): string {
  const found = [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  expect(found, name).toHaveLength(1);
  return found[0] ?? '';
}

const reason = isThere ? '' : ' (skipped: the package systemd is not installed)';
describe.skipIf(!isThere)(`the systemd unit${reason}`, () => {
  test('is understood by systemd, line by line', () => {
    expect(verify(unit)).toEqual({ status: 0, said: '' });
  });

  test.each([
    ['a section without its bracket', /^\[Service\]$/m, '[Service'],
    ['a setting that there is not', /^PrivateTmp=/m, 'PrivateTemp='],
    ['a value that there is not', /^Restart=.*$/m, 'Restart=alway'],
    ['a system call that there is not', /@system-service/, '@sluice-service'],
    ['a program that is not there', /sluice serve/, 'sluices serve'],
  ])('%s is found where it is planted', (_, from, to) => {
    const { status, said } = verify(unit.replace(from, to));
    expect({ status, quiet: said === '' }).not.toEqual({ status: 0, quiet: true });
  });

  test('has few rights left', () => {
    const { status, said } = expose(unit);
    expect(status, said).toBe(0);
  });

  test.each([
    ['root', /^User=.*\nGroup=.*$/m, ''],
    ['every right', /^CapabilityBoundingSet=$/m, ''],
    ['every system call', /^SystemCallFilter=.*$/gm, ''],
    ['a system that it can write to', /^Protect.*$/gm, ''],
  ])('%s is too much where it is planted', (_, from, to) => {
    const { status, said } = expose(unit.replace(from, to));
    expect(status, said).not.toBe(0);
  });
});

describe('the settings of the unit', () => {
  test('leave the server its time to end, and what it needs to run', () => {
    const { drainMs } = configSchema([]).parse({});
    expect(Number(settingOf('TimeoutStopSec'))).toBeGreaterThanOrEqual(2 * (drainMs / 1000));
    expect(settingOf('MemoryDenyWriteExecute')).toBe('no');
    expect(settingOf('Restart')).toBe('always');
    expect(settingOf('RestartPreventExitStatus')).toBe('2');
    expect(settingOf('OOMPolicy')).toBe('continue');
    expect(settingOf('KillMode')).toBe('mixed');
    expect(settingOf('ProtectSystem')).toBe('strict');
    expect(Number(settingOf('LimitNOFILE'))).toBeGreaterThanOrEqual(65_536);
    expect(settingOf('RestrictAddressFamilies').split(' ').sort()).toEqual(['AF_INET', 'AF_INET6', 'AF_UNIX']);
  });

  test('name only a folder that systemd makes for it, and options that there are', async () => {
    expect(settingOf('Environment')).toContain(`SLUICE_DATA=/var/lib/${settingOf('StateDirectory')}`);
    const options = settingOf('ExecStart').match(/--\w+/g) ?? [];
    expect(options).toContain('--config');
    const { stdout } = await run(['serve', '--help']);
    for (const option of options) expect(stdout).toContain(`  ${option} `);
  });
});
