import { expect, test } from 'vitest';
import { adminOrigins } from './admin-origins.ts';

test('a configured origin is the only one', () => {
  const origins = adminOrigins('https://sluice-admin.example', () => ({ host: '127.0.0.1', port: 8081 }));
  expect(origins).toMatchObject({ main: 'https://sluice-admin.example', isSecure: true });
  expect(origins.has('https://sluice-admin.example')).toBe(true);
  for (const wrong of [
    'http://127.0.0.1:8081',
    'http://sluice-admin.example',
    'https://sluice-admin.example:8443',
    'null',
  ])
    expect(origins.has(wrong), wrong).toBe(false);
});

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8081'],
  ['localhost', 'http://localhost:8081'],
  ['127.0.0.2', 'http://127.0.0.2:8081'],
  ['::1', 'http://[::1]:8081'],
  ['0.0.0.0', 'http://127.0.0.1:8081'],
  ['::', 'http://127.0.0.1:8081'],
  ['10.0.0.5', 'http://127.0.0.1:8081'],
])('without one, a listener on %s is called %s, or another name of this machine, and nothing else', (host, main) => {
  const origins = adminOrigins(undefined, () => ({ host, port: 8081 }));
  expect(origins.main).toBe(main);
  expect(origins.isSecure).toBe(false);
  for (const name of [main, 'http://127.0.0.1:8081', 'http://localhost:8081', 'http://[::1]:8081'])
    expect(origins.has(name), name).toBe(true);
  for (const wrong of [
    'http://10.0.0.5:8081',
    'http://0.0.0.0:8081',
    'http://localhost',
    'http://localhost:8082',
    'https://localhost:8081',
    'http://localhost.evil.example:8081',
    'http://evil.example:8081',
    'null',
    '',
  ])
    expect(origins.has(wrong), wrong).toBe(false);
});

test('on port 80 an origin has no port', () => {
  const origins = adminOrigins(undefined, () => ({ host: '127.0.0.1', port: 80 }));
  expect(origins.main).toBe('http://127.0.0.1');
  expect(origins.has('http://localhost')).toBe(true);
});
