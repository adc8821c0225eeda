import { compile, emptyConfiguration } from 'sluice';
import { expect, test } from 'vitest';
import type { App, Reply } from '../face.ts';
import { dockerflow } from './dockerflow.ts';

const version = { source: 'sluice', version: '1.2.3', commit: 'abc', build: '' };

function get(url: string, storeIsWell = true): Reply | undefined {
  const snapshot = compile({ ...emptyConfiguration, revision: 7 });
  const app: App = { snapshot: () => snapshot, nowMs: () => 0, draw: () => 1, storeIsWell: () => storeIsWell, version };
  return dockerflow.open(app, {}).answer({ method: 'GET', url, userAgent: undefined });
}

const headers = ['Content-Type', 'application/json', 'Cache-Control', 'no-store'];

test('the heartbeat of the load balancer is well while the process is', () => {
  const reply = { status: 200, headers, body: '{"status":"ok"}' };
  expect(get('/__lbheartbeat__')).toEqual(reply);
  expect(get('/__lbheartbeat__', false)).toEqual(reply);
});

test('the heartbeat is well while the store is, and tells the revision in any case', () => {
  expect(get('/__heartbeat__')).toEqual({
    status: 200,
    headers,
    body: '{"status":"ok","checks":{"store":"ok"},"revision":7}',
  });
  expect(get('/__heartbeat__?x', false)).toEqual({
    status: 503,
    headers,
    body: '{"status":"error","checks":{"store":"error"},"revision":7}',
  });
});

test('the version is what runs', () => {
  expect(get('/__version__')).toEqual({ status: 200, headers, body: JSON.stringify(version) });
});
