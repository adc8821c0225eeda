import { compile, emptyConfiguration } from 'sluice';
import { expect, test } from 'vitest';
import type { App, Reply } from '../face.ts';
import { dockerflow } from './dockerflow.ts';

const version = { source: 'sluice', version: '1.2.3', commit: 'abc', build: '' };
const well = { store: 'ok', snapshot: 'ok', disk: 'ok' } as const;

function get(url: string, trouble: Partial<ReturnType<App['checks']>> = {}): Reply | undefined {
  const snapshot = compile({ ...emptyConfiguration, revision: 7 });
  const app: App = {
    snapshot: () => snapshot,
    readRelease: () => undefined,
    nowMs: () => 0,
    draw: () => 1,
    checks: () => ({ ...well, ...trouble }),
    version,
  };
  return dockerflow.open(app, {}).answer({ method: 'GET', url, userAgent: undefined });
}

const headers = ['Content-Type', 'application/json', 'Cache-Control', 'no-store'];

test('the heartbeat of the load balancer is well while the process is', () => {
  const reply = { status: 200, headers, body: '{"status":"ok"}' };
  expect(get('/__lbheartbeat__')).toEqual(reply);
  expect(get('/__lbheartbeat__', { store: 'error', snapshot: 'error', disk: 'error' })).toEqual(reply);
});

test('the heartbeat is well while all is, and tells the revision', () => {
  const body = '{"status":"ok","checks":{"store":"ok","snapshot":"ok","disk":"ok"},"revision":7}';
  expect(get('/__heartbeat__')).toEqual({ status: 200, headers, body });
});

test.each(['store', 'snapshot', 'disk'] as const)('the heartbeat names trouble with the %s', (name) => {
  const checks = { ...well, [name]: 'error' };
  const body = JSON.stringify({ status: 'error', checks, revision: 7 });
  expect(get('/__heartbeat__?x', { [name]: 'error' })).toEqual({ status: 503, headers, body });
});

test('the version is what runs', () => {
  expect(get('/__version__')).toEqual({ status: 200, headers, body: JSON.stringify(version) });
});
