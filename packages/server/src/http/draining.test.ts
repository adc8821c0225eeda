import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ask, get, openListener, statusesIn, talk, until } from './listener.fixture.ts';

describe('draining', () => {
  test('fails no request on connections that are kept open, however many are asked', async () => {
    const first = await openListener();
    const second = await openListener();
    let failed: unknown;
    let draining = false;
    let closes = 0;
    let others = 0;
    /** As a proxy with a pool does: asks on a kept connection, and elsewhere once it was told that this is closed. */
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let lasts = false; !lasts; ) {
        const { status, headers, body } = await ask(first, '/hello', { agent });
        if (status !== 200 || body !== 'hello') throw new Error(`${status} ${body}`);
        lasts = headers.connection === 'close';
        if (lasts && !draining) throw new Error('closed before it drained');
        await pause(Math.random() * 30);
      }
      closes += 1;
      for (let count = 0; count < 5; count += 1) if ((await ask(second, '/hello')).status === 200) others += 1;
      agent.destroy();
    };
    const clients = Array.from({ length: 200 }, () =>
      client().catch((error: unknown) => {
        failed = error;
      }),
    );
    await until(() => first.connections() === 200);
    await pause(200);
    draining = true;
    const before = performance.now();
    await first.close(30_000);
    expect(performance.now() - before).toBeLessThan(20_000);
    await Promise.all(clients);
    expect(failed).toBeUndefined();
    expect([closes, others]).toEqual([200, 1000]);
    expect(first.connections()).toBe(0);
  });

  test('is done at once where no connection is open', async () => {
    const listener = await openListener();
    expect((await ask(listener, '/hello')).status).toBe(200);
    await until(() => listener.connections() === 0);
    const before = performance.now();
    await listener.close(30_000);
    expect(performance.now() - before).toBeLessThan(900);
  });

  test('answers what is still asked on an idle connection, as the last there', async () => {
    const listener = await openListener();
    const { socket, came, whole } = await talk(listener, get('/1'));
    await until(() => came().endsWith('/1'));
    const closing = listener.close(30_000);
    await pause(50);
    socket.write(get('/2') + get('/3'));
    expect(statusesIn(await whole)).toEqual([200, 200]);
    expect(await whole).toMatch(/\r\nConnection: close\r\n(?:.+\r\n)*\r\n\/2$/);
    await closing;
  });

  test('takes no new connections', async () => {
    const listener = await openListener();
    const { came } = await talk(listener, get('/1'));
    await until(() => came().endsWith('/1'));
    const closing = listener.close(30_000);
    await expect(ask(listener, '/hello')).rejects.toThrow('ECONNREFUSED');
    await closing;
  });

  test.each([
    ['that never spoke', '', false],
    ['that is idle', get('/1'), false],
    ['that is idle and whose other side stays open', get('/1'), true],
    ['that only sent an empty line after its request', `${get('/1')}\r\n`, false],
  ])('is not held up by a connection %s', async (_, sent, allowHalfOpen) => {
    const listener = await openListener();
    const { came } = await talk(listener, sent, { allowHalfOpen });
    if (sent !== '') await until(() => came().endsWith('/1'));
    const before = performance.now();
    await listener.close(30_000);
    expect(performance.now() - before).toBeLessThan(15_000);
  });

  test('waits for a request that is under way, and for none longer than it was told', async () => {
    const listener = await openListener();
    const asking = await talk(listener, 'GET /1 HTTP/1.1\r\nHost: x\r\nX: ');
    const dawdling = await talk(listener, 'GET /2 HTTP/1.1\r\nHost: x\r\nX: ');
    await until(() => listener.connections() === 2);
    const before = performance.now();
    const closing = listener.close(2500);
    await pause(1500);
    asking.socket.write('a\r\n\r\n');
    expect(await asking.whole).toMatch(/\r\nConnection: close\r\n(?:.+\r\n)*\r\n\/1$/);
    expect(dawdling.socket.destroyed).toBe(false);
    await closing;
    expect(performance.now() - before).toBeGreaterThan(2400);
    expect(await dawdling.whole).toBe('');
  });

  test('that is asked for again, in a hurry, ends at once', async () => {
    const listener = await openListener();
    await talk(listener, 'GET /2 HTTP/1.1\r\nHost: x\r\nX: ');
    await until(() => listener.connections() === 1);
    const before = performance.now();
    const closing = listener.close(30_000);
    await listener.close(0);
    await closing;
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});
