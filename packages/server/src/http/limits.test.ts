import { describe, expect, test } from 'vitest';
import { limitsSettings } from './limits.ts';
import { ask, get, openListener, statusesIn, talk, told } from './listener.fixture.ts';

describe('as settings', () => {
  test('headers may not take longer than the request that they belong to', () => {
    const { error } = limitsSettings.safeParse({ headersTimeoutMs: 5000, requestTimeoutMs: 4000 });
    expect(error?.issues).toMatchObject([
      { path: ['headersTimeoutMs'], message: 'is longer than requestTimeoutMs, which includes it' },
    ]);
    expect(limitsSettings.safeParse({ headersTimeoutMs: 5000, requestTimeoutMs: 5000 }).success).toBe(true);
  });

  test('every one has a default, and what limits a client is off', () => {
    expect(limitsSettings.parse({})).toMatchObject({
      connectionsPerAddress: 0,
      requestsPerConnection: 0,
      requestsPerSecond: 0,
    });
    expect(limitsSettings.safeParse({ requestPerSecond: 1 }).success).toBe(false);
  });
});

describe('what is too much', () => {
  test('of a URL is 414, and the connection goes on', async () => {
    const listener = await openListener({ urlLength: 300 });
    const url = (length: number): string => `/hello?${'a'.repeat(length - 7)}`;
    const { whole } = await talk(listener, get(url(300)) + get(url(301)) + get('/1', 'Connection: close\r\n'));
    expect(statusesIn(await whole)).toEqual([200, 414, 200]);
    expect(told.refused).toEqual(['url']);
    const { whole: absolute } = await talk(listener, get(`http://example.org${url(300)}`, 'Connection: close\r\n'));
    expect(statusesIn(await absolute)).toEqual([200]);
  });

  test('of the bytes of headers is 431 and the end, also when the client goes on sending', async () => {
    const listener = await openListener({ headerBytes: 2000 });
    const fine = await talk(listener, get('/1', `X: ${'a'.repeat(1900)}\r\nConnection: close\r\n`));
    expect(statusesIn(await fine.whole)).toEqual([200]);
    const { socket, whole } = await talk(listener, `GET /1 HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(2000)}`);
    const sending = setInterval(() => socket.write('a'.repeat(1000)), 20);
    socket.once('close', () => clearInterval(sending));
    expect(statusesIn(await whole)).toEqual([431]);
    expect(told.refused).toEqual(['headers']);
    expect(told.asked).toEqual(['/1']);
  });

  test('of headers is 431, wherever they are counted', async () => {
    const listener = await openListener({ headerCount: 10 });
    const headers = (count: number): string => 'A: b\r\n'.repeat(count - 1);
    for (const [count, status] of [
      [10, 200],
      [11, 431],
      [12, 431],
      [40, 431],
      [500, 431],
    ] as const) {
      const { socket, came, whole } = await talk(listener, get('/1', headers(count)));
      await new Promise((resolve) => socket.once('data', resolve));
      socket.end();
      await whole;
      expect(statusesIn(came()), `${count}`).toEqual([status]);
    }
    expect(told.refused).toEqual(['headers', 'headers', 'headers', 'headers']);
    expect(await ask(listener, '/hello')).toMatchObject({ status: 200 });
  });
});
