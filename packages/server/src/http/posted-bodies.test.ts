import { createServer, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { OpenFace, Reply } from '../face.ts';
import { ask, get, keepAliveAgent, openListener, statusesIn, talk, told, until } from './listener.fixture.ts';
import { type Posted, PostedBodies } from './posted-bodies.ts';

const mostBytes = 20_000;
const taken: string[] = [];
const said = (status: number, body: string): Reply => ({ status, headers: ['Content-Type', 'text/plain'], body });

/** Takes bodies at `/in` and answers them with themselves; any number is answered with itself. */
const echo: OpenFace = {
  answer: ({ url }) => (/^\/\w+$/.test(url) ? said(200, url) : undefined),
  explain: () => undefined,
  receive({ method, url, header }) {
    if (!url.startsWith('/in')) return undefined;
    if (method !== 'POST') return said(200, `${method} ${header('x-sent') ?? ''}`);
    return {
      mostBytes,
      tooLong: said(413, 'too long'),
      take(body) {
        taken.push(body.toString());
        if (url === '/in-bug') throw new Error('a bug');
        return url === '/in-split' ? { ...said(200, ''), headers: ['X', 'a\r\nb'] } : said(202, `<${body}>`);
      },
    };
  },
};

const open = async (limits = {}, more = {}) => {
  taken.length = 0;
  return openListener(limits, { faces: [echo], ...more });
};
const post = (body: string, headers = '', path = '/in'): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
const chunked = (...pieces: readonly string[]): string =>
  `POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${pieces
    .map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    .join('')}0\r\n\r\n`;
const last = get('/9', 'Connection: close\r\n');

describe('a body that a face takes', () => {
  test('is answered in its turn, among requests that are sent without waiting, whatever is in it', async () => {
    const { whole } = await talk(
      await open(),
      get('/1') + post('a') + get('/2') + chunked('b', get('/hidden'), 'c') + post('') + last,
    );
    expect([...(await whole).matchAll(/\r\n\r\n(\/\d|<[^>]*>)/g)].map(([, body]) => body)).toEqual([
      '/1',
      '<a>',
      '/2',
      `<b${get('/hidden')}c>`,
      '<>',
      '/9',
    ]);
    expect(taken).toEqual(['a', `b${get('/hidden')}c`, '']);
  });

  test('may come in any pieces', async () => {
    const sent = (post('x'.repeat(300)) + chunked('y', 'z'.repeat(100))).repeat(5) + last;
    const { socket, whole } = await talk(await open(), '');
    for (let at = 0; at < sent.length; at += 7) {
      socket.write(sent.slice(at, at + 7));
      if (at % 70 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(statusesIn(await whole)).toEqual([...Array.from({ length: 10 }, () => 202), 200]);
  });

  test('is waited for by who expects to be told to go on', async () => {
    const { socket, came, whole } = await talk(
      await open(),
      'POST /in HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n',
    );
    await until(() => came().includes(' 100 '));
    socket.write('ab');
    expect(statusesIn(await whole)).toEqual([100, 202]);
    expect(taken).toEqual(['ab']);
  });

  test('is measured, counted as asked too often, and a bug in it is told by its id', async () => {
    const measured: number[] = [];
    const meter = { answered: (status: number) => void measured.push(status), refused: () => {} };
    const listener = await open({ requestsPerSecond: 0.01, requestBurst: 3 }, { meter });
    for (const path of ['/in-bug', '/in-split', '/in', '/in']) {
      const { whole } = await talk(listener, post('a', 'Connection: close\r\n', path));
      await whole;
    }
    expect(measured).toEqual([500, 500, 202, 429]);
    expect(told.bugs).toHaveLength(2);
    expect(taken).toEqual(['a', 'a', 'a']);
  });

  test('is the last of its connection while the listener closes', async () => {
    const listener = await open();
    const { socket, whole } = await talk(listener, post('ab').slice(0, -1));
    await until(() => listener.connections() === 1);
    await ask(listener, '/1');
    const closing = listener.close(30_000);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    socket.write('b');
    expect(await whole).toMatch(/ 202 [\s\S]*\r\nConnection: close\r\n[\s\S]*<ab>$/);
    await closing;
  });
});

describe('a body that is refused', () => {
  const long = 'x'.repeat(mostBytes + 1);

  test.each([
    ['by its length', post(long)],
    ['by its chunks', chunked(long.slice(1), 'x')],
  ])('for being too long, %s, is not taken, and the next request is answered', async (_, sent) => {
    const { whole } = await talk(await open(), post(long.slice(1)) + sent + last);
    expect(statusesIn(await whole)).toEqual([202, 413, 200]);
    expect([taken.length, told.refused]).toEqual([1, ['body']]);
  });

  test('for its length is answered before it comes', async () => {
    const { came } = await talk(await open(), `POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n`);
    await until(() => came().includes('too long'));
    expect(taken).toEqual([]);
  });

  test('at every other path and in every other way is 405, and not looked at', async () => {
    const listener = await open();
    const upgrade = post('a', 'Connection: Upgrade\r\nUpgrade: h2c\r\n');
    const { whole: upgraded } = await talk(listener, upgrade + last);
    expect(statusesIn(await upgraded)).toEqual([405]);
    const { whole } = await talk(
      listener,
      `${post('a', '', '/1')}OPTIONS /in HTTP/1.1\r\nHost: x\r\nX-Sent: b\r\n\r\n${last}`,
    );
    expect(await whole).toMatch(/ 405 [\s\S]*\r\n\r\nOPTIONS b/);
    expect(taken).toEqual([]);
  });

  test('at a URL that is too long, or under too many headers, is refused for that', async () => {
    const listener = await open({ urlLength: 256, headerCount: 10 });
    const { whole } = await talk(
      listener,
      post('a', '', `/in${'x'.repeat(300)}`) + post('a', 'X: y\r\n'.repeat(10)) + last,
    );
    expect(statusesIn(await whole)).toEqual([414, 431, 200]);
    expect(taken).toEqual([]);
  });
});

describe('a body that does not come', () => {
  test.each([
    ['with a length', 'Content-Length: 10000', 'a'],
    ['in chunks', 'Transfer-Encoding: chunked', '1\r\na\r\n'],
  ])('%s is waited for up to the limit, and nothing of it is taken', async (_, header, letter) => {
    const listener = await open({ headersTimeoutMs: 200, requestTimeoutMs: 500 });
    const { socket, whole } = await talk(listener, `POST /in HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`);
    const dripping = setInterval(() => socket.write(letter), 20);
    socket.once('close', () => clearInterval(dripping));
    expect(statusesIn(await whole)).toEqual([408]);
    expect([taken, told.refused, told.bugs]).toEqual([[], ['slow'], []]);
    expect((await ask(listener, '/1')).status).toBe(200);
  });

  test('because its client goes harms nobody', async () => {
    const listener = await open();
    for (let client = 0; client < 50; client += 1) {
      const { socket } = await talk(listener, post('ab').slice(0, -1));
      socket.destroy();
    }
    await until(() => listener.connections() === 0);
    expect([taken, told.bugs]).toEqual([[], []]);
    expect((await ask(listener, '/1')).status).toBe(200);
  });
});

test('bodies take no more room together than there is, and give it back', async () => {
  const bodies = new PostedBodies(3 * mostBytes);
  const kinds: Posted['kind'][] = [];
  const server = createServer((incoming, response) => {
    bodies.read(incoming, mostBytes, ({ kind }) => {
      kinds.push(kind);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const sending = Array.from({ length: 5 }, () => {
    const posting = request({ host: '127.0.0.1', port, method: 'POST', agent: keepAliveAgent() });
    posting.on('error', () => {}).on('response', (answer) => answer.resume());
    posting.write('x'.repeat(mostBytes - 1));
    return posting;
  });
  await until(() => kinds.length === 2);
  expect(kinds).toEqual(['no-room', 'no-room']);
  expect(bodies.size).toBeGreaterThan(2 * mostBytes);
  expect(bodies.size).toBeLessThanOrEqual(3 * mostBytes);
  sending[0]?.destroy();
  for (const posting of sending.slice(1)) posting.end('x');
  await until(() => bodies.size === 0);
  expect(kinds.slice(2).every((kind) => kind === 'whole')).toBe(true);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
