import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { AdminEnv } from '../admin-face.ts';
import { type AdminAccessOptions, adminAccess } from './admin-listener-access.ts';

const token = 'a-token-of-thirty-two-characters';

interface Asking {
  readonly peer?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: Partial<AdminAccessOptions>;
}

/** The status that a request gets, and the code of its problem. */
async function ask({ peer, headers = { Host: '127.0.0.1:8081' }, options = {} }: Asking): Promise<string> {
  const app = new Hono<AdminEnv>();
  app.use(adminAccess({ host: '10.0.0.5', token: undefined, ...options }));
  app.get('/', (c) => c.text('in'));
  const env = { incoming: { socket: { remoteAddress: peer } } };
  const response = await app.request('/', { headers }, env);
  const text = await response.text();
  if (response.status === 200) return text;
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(response.headers.get('WWW-Authenticate') !== null).toBe(response.status === 401);
  return `${response.status} ${(JSON.parse(text) as { type: string }).type}`;
}

const tokenNeeded = '401 /problems/admin-token-needed';
const notSoCalled = '403 /problems/host-not-allowed';

describe('from this machine, where there is no token', () => {
  test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('%s gets in', async (peer) => {
    expect(await ask({ peer })).toBe('in');
  });

  test.each([
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1',
    '127.0.0.1:8081',
    '[::1]:8081',
    '10.0.0.5:8081',
    'localhost.:80',
  ])('one that asks for %s gets in', async (host) => {
    expect(await ask({ peer: '127.0.0.1', headers: { Host: host } })).toBe('in');
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8081', '127.0.0.2', ''])(
    'a browser that was led here under the name "%s" does not get in, unless there is a token and it has that',
    async (host) => {
      expect(await ask({ peer: '127.0.0.1', headers: { Host: host } })).toBe(notSoCalled);
      const headers = { Host: host, Authorization: `Bearer ${token}` };
      expect(await ask({ peer: '127.0.0.1', headers, options: { token } })).toBe('in');
    },
  );

  test.each(['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'])(
    'what a proxy passes on, which %s tells, does not get in',
    async (name) => {
      const headers = { Host: 'localhost', [name]: 'for=192.0.2.1' };
      expect(await ask({ peer: '127.0.0.1', headers })).toBe(tokenNeeded);
    },
  );

  test('one that sends a token does not get in', async () => {
    const headers = { Host: 'localhost', Authorization: 'Bearer wrong' };
    expect(await ask({ peer: '127.0.0.1', headers })).toBe(tokenNeeded);
  });
});

describe('where there is a token', () => {
  test.each(['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'])('%s does not matter', async (name) => {
    const headers = { Host: 'localhost', [name]: 'x', Authorization: `Bearer ${token}` };
    expect(await ask({ peer: '127.0.0.1', headers, options: { token } })).toBe('in');
  });

  test.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '192.0.2.1',
    '10.0.0.5',
    '::ffff:192.0.2.1',
    '2001:db8::1',
    '1127.0.0.1',
    undefined,
  ])('%s gets in with the token only', async (peer) => {
    const withToken = (sent: string) => ({ Host: 'metrics.example', Authorization: sent });
    expect(await ask({ peer, options: { token }, headers: withToken(`Bearer ${token}`) })).toBe('in');
    expect(await ask({ peer, options: { token }, headers: withToken(`bearer  ${token}`) })).toBe('in');
    expect(await ask({ peer, options: { token } })).toBe(tokenNeeded);
    expect(await ask({ peer, options: { token }, headers: { Host: 'localhost' } })).toBe(tokenNeeded);
    for (const wrong of [
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `Basic ${token}`,
      token,
      'Bearer',
      'Bearer undefined',
    ])
      expect(await ask({ peer, options: { token }, headers: withToken(wrong) })).toBe(tokenNeeded);
  });
});

describe('from another machine', () => {
  test('nobody gets in where there is no token', async () => {
    const headers = { Host: 'localhost', Authorization: 'Bearer undefined' };
    expect(await ask({ peer: '192.0.2.1', headers })).toBe(tokenNeeded);
    expect(await ask({ peer: '192.0.2.1', headers: { Host: 'localhost', Authorization: 'Bearer ' } })).toBe(
      tokenNeeded,
    );
  });
});
