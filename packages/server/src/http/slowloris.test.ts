import { describe, expect, test } from 'vitest';
import {
  ask,
  get,
  keepAliveAgent,
  openListener,
  statusesIn,
  type Talk,
  talk,
  told,
  until,
} from './listener.fixture.ts';

const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600, answerTimeoutMs: 400, keepAliveMs: 300 };

/** Sends a letter every so often until the connection is closed, and answers how often it did. */
function drip({ socket }: Talk, letter: string): () => number {
  let count = 0;
  const dripping = setInterval(() => {
    count += 1;
    socket.write(letter);
  }, 20);
  socket.once('close', () => clearInterval(dripping));
  return () => count;
}

async function stillAnswers(listener: Parameters<typeof ask>[0]): Promise<void> {
  expect(await ask(listener, '/hello')).toMatchObject({ status: 200, body: 'hello' });
}

describe('a client that takes its time', () => {
  test('over its headers is sent away, while others are answered', async () => {
    const listener = await openListener(limits);
    const slow = await Promise.all(
      Array.from({ length: 50 }, () => talk(listener, 'GET /hello HTTP/1.1\r\nHost: x\r\nX: ')),
    );
    const drops = slow.map((one) => drip(one, 'a'));
    await stillAnswers(listener);
    const answers = await Promise.all(slow.map(({ whole }) => whole));
    expect(answers.map(statusesIn)).toEqual(slow.map(() => [408]));
    expect(drops.every((count) => count() > 3)).toBe(true);
    expect(told.refused).toEqual(slow.map(() => 'slow'));
    await stillAnswers(listener);
  });

  test('over the line of its request is sent away', async () => {
    const listener = await openListener(limits);
    const slow = await talk(listener, 'GET /');
    drip(slow, 'a');
    expect(statusesIn(await slow.whole)).toEqual([408]);
  });

  test('over its second request is sent away too', async () => {
    const listener = await openListener({ ...limits, keepAliveMs: 60_000 });
    const slow = await talk(listener, get('/1'));
    await until(() => slow.came().endsWith('/1'));
    drip(slow, 'G');
    expect(statusesIn(await slow.whole)).toEqual([200, 400]);
    const slower = await talk(listener, get('/1'));
    await until(() => slower.came().endsWith('/1'));
    slower.socket.write('GET /2 HTTP/1.1\r\n');
    expect(statusesIn(await slower.whole)).toEqual([200, 408]);
  });

  test.each([
    ['with a length', 'Content-Length: 1000000\r\n', 'a'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', '1\r\na\r\n'],
  ])('over a body %s is answered at once and cut off', async (_, header, letter) => {
    const listener = await openListener(limits);
    const slow = await talk(listener, `POST /hello HTTP/1.1\r\nHost: x\r\n${header}\r\n`);
    drip(slow, letter);
    await until(() => slow.came().includes(' 405 '));
    expect(statusesIn(await slow.whole)[0]).toBe(405);
    await stillAnswers(listener);
  });

  test('and says nothing is sent away', async () => {
    const listener = await openListener(limits);
    const { whole } = await talk(listener, '');
    expect(statusesIn(await whole)).toEqual([408]);
    await until(() => listener.connections() === 0);
  });

  test('between two requests finds its connection closed', async () => {
    const listener = await openListener(limits);
    const { whole } = await talk(listener, get('/1'));
    expect(statusesIn(await whole)).toEqual([200]);
  });

  test('to read is cut off, whatever it has still to get', async () => {
    const listener = await openListener({ ...limits, requestTimeoutMs: 60_000, keepAliveMs: 60_000 });
    const greedy = await talk(listener, '');
    greedy.socket.pause();
    // More than what the system takes in for both ends.
    for (let round = 0; round < 20; round += 1) greedy.socket.write(get('/long').repeat(10));
    await until(() => listener.connections() === 0);
    expect(told.refused).toEqual(['slow']);
    await stillAnswers(listener);
  });

  test('to read, but does, gets everything', async () => {
    const listener = await openListener({ ...limits, requestTimeoutMs: 60_000 });
    const steady = await talk(listener, get('/long').repeat(150) + get('/9', 'Connection: close\r\n'));
    let reads = 0;
    const sipping = setInterval(() => {
      reads += 1;
      if (reads % 2 === 0) steady.socket.pause();
      else steady.socket.resume();
    }, 20);
    const whole = await steady.whole;
    clearInterval(sipping);
    expect(statusesIn(whole)).toHaveLength(151);
    expect(whole.length).toBeGreaterThan(15_000_000);
    expect(told.refused).toEqual([]);
  });
});

describe('a connection that is half closed', () => {
  test('by the client after its request gets its answer', async () => {
    const listener = await openListener();
    const { socket, whole } = await talk(listener, '', { allowHalfOpen: true });
    socket.end(get('/1') + get('/2'));
    expect(statusesIn(await whole)).toEqual([200, 200]);
    await until(() => listener.connections() === 0);
  });

  test('by the client in the middle of its request is closed with a word', async () => {
    const listener = await openListener();
    for (const part of ['GET /1 HT', 'GET /1 HTTP/1.1\r\nHos', 'GET /1 HTTP/1.1\r\nHost: x\r\n']) {
      const { socket, whole } = await talk(listener, '', { allowHalfOpen: true });
      socket.end(part);
      expect(statusesIn(await whole)).toEqual([400]);
    }
    await until(() => listener.connections() === 0);
  });

  test('by the client before it said anything is closed', async () => {
    const listener = await openListener();
    const { socket, whole } = await talk(listener, '', { allowHalfOpen: true });
    socket.end();
    expect(await whole).toBe('');
    await until(() => listener.connections() === 0);
  });

  test('by the server is cut when the client leaves its side open', async () => {
    const listener = await openListener();
    const { socket, came } = await talk(listener, get('/1', 'Connection: close\r\n'), { allowHalfOpen: true });
    await until(() => listener.connections() === 0);
    expect([statusesIn(came()), socket.writable]).toEqual([[200], true]);
  });
});

describe('many connections', () => {
  test('are answered up to the limit, those above it are closed, and those that were there go on', async () => {
    const listener = await openListener({ connections: 1500 });
    const agent = keepAliveAgent();
    const answered = await ask(listener, '/hello', { agent });
    expect(answered.status).toBe(200);
    const talks: Talk[] = [];
    for (let opened = 0; opened < 2000; opened += 100) {
      talks.push(...(await Promise.all(Array.from({ length: 100 }, () => talk(listener, '')))));
    }
    await until(() => told.refused.length === 501);
    expect(listener.connections()).toBe(1500);
    expect(new Set(told.refused)).toEqual(new Set(['connections']));
    const living = talks.filter(({ socket }) => !socket.destroyed && socket.readyState === 'open');
    for (const { socket } of living) socket.write(get('/1'));
    await until(() => living.filter(({ came }) => came().endsWith('/1')).length === 1499);
    expect(await ask(listener, '/hello', { agent })).toMatchObject({ body: 'hello' });
    for (const { socket } of talks) socket.destroy();
    await until(() => listener.connections() <= 1);
    await stillAnswers(listener);
  });

  test('of one address are closed above its limit, and other addresses are not touched', async () => {
    const listener = await openListener({ connectionsPerAddress: 3 });
    const mine = await Promise.all([1, 2, 3].map(() => talk(listener, get('/1'))));
    await until(() => mine.every(({ came }) => came().endsWith('/1')));
    const { whole } = await talk(listener, get('/1'));
    expect(await whole).toBe('');
    expect(told.refused).toEqual(['connections-per-address']);
    const other = await talk(listener, get('/2'), { from: '127.0.0.2' });
    await until(() => other.came().endsWith('/2'));
    mine[0]?.socket.destroy();
    await until(() => listener.connections() === 3);
    await stillAnswers(listener);
  });

  test('of a trusted proxy may be any number', async () => {
    const listener = await openListener({ connectionsPerAddress: 1 }, { trustedProxies: ['127.0.0.1'] });
    const talks = await Promise.all([1, 2, 3].map(() => talk(listener, get('/1'))));
    await until(() => talks.every(({ came }) => came().endsWith('/1')));
    expect(told.refused).toEqual([]);
  });
});
