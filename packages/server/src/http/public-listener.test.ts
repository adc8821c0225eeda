import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Asked, OpenFace, Reply } from '../face.ts';
import { type OpenListener, openPublicListener } from './public-listener.ts';

const asked: Asked[] = [];
const bugs: { readonly id: string; readonly error: unknown }[] = [];
let listener: OpenListener | undefined;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await listener?.close(0);
  listener = undefined;
  asked.length = 0;
  bugs.length = 0;
});

function face(answer: (asked: Asked) => Reply | undefined): OpenFace {
  return { answer, explain: () => undefined };
}

function text(body: string, headers: readonly string[] = []): Reply {
  return { status: 200, headers: ['Content-Type', 'text/plain', ...headers], body };
}

const lasting: Reply = { ...text('é is two bytes'), lasting: true };

/** Answers `/hello`, breaks down at `/bug` and `/split`, and leaves the rest. */
const hello = face((request) => {
  asked.push(request);
  const [path] = request.url.split('?');
  if (path === '/bug') throw new Error('secret /etc/passwd');
  if (path === '/split') return text('', ['X', 'a\r\nSet-Cookie: b']);
  if (path === '/lasting') return lasting;
  return path === '/hello' ? text('hello') : undefined;
});
const last = face(({ url }) => (url === '/last' || url === '/hello' ? text('last') : undefined));

async function open(): Promise<OpenListener> {
  const onBug = (id: string, error: unknown) => void bugs.push({ id, error });
  listener = await openPublicListener({ host: '127.0.0.1', port: 0 }, { faces: [hello, last], onBug });
  return listener;
}

async function fetchFrom({ port }: OpenListener, path: string, init: RequestInit = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

interface Talk {
  readonly socket: Socket;
  /** All that came, once the server has closed the connection. */
  readonly whole: Promise<string>;
}

async function talk({ port }: OpenListener, sent: string): Promise<Talk> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let came = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    came += data;
  });
  const whole = new Promise<string>((resolve) => {
    socket.on('error', () => resolve(came)).on('close', () => resolve(came));
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(sent, 'latin1');
  return { socket, whole };
}

const always = {
  'strict-transport-security': 'max-age=31536000;',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

function namesAlways(headers: Headers): void {
  for (const [name, value] of Object.entries(always)) expect(headers.get(name)).toBe(value);
}

describe('an answer', () => {
  test('is that of the first face that has one', async () => {
    const opened = await open();
    expect(opened.port).toBeGreaterThan(0);
    const first = await fetchFrom(opened, '/hello?a=%2F', { headers: { 'User-Agent': 'PPC' } });
    expect(first).toMatchObject({ status: 200, body: 'hello' });
    namesAlways(first.headers);
    expect(first.headers.get('content-length')).toBe('5');
    expect(asked).toEqual([{ method: 'GET', url: '/hello?a=%2F', userAgent: 'PPC' }]);
    expect(await fetchFrom(opened, '/last')).toMatchObject({ status: 200, body: 'last' });
  });

  test('that is given again and again is the same each time', async () => {
    const opened = await open();
    for (let time = 0; time < 3; time += 1) {
      const { headers, body } = await fetchFrom(opened, '/lasting');
      expect(body).toBe('é is two bytes');
      expect(headers.get('content-length')).toBe('15');
      namesAlways(headers);
    }
  });

  test('to HEAD has the headers and no body', async () => {
    const opened = await open();
    for (const [path, status] of [
      ['/hello', 200],
      ['/nothing', 404],
      ['/bug', 500],
    ] as const) {
      const get = await fetchFrom(opened, path);
      const head = await fetchFrom(opened, path, { method: 'HEAD' });
      expect(head).toMatchObject({ status, body: '' });
      expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    }
  });

  test('that no face has is 404', async () => {
    const { status, headers, body } = await fetchFrom(await open(), '/nothing');
    expect([status, body]).toEqual([404, 'Not Found']);
    expect(headers.get('cache-control')).toBe('public, max-age=90');
    namesAlways(headers);
  });

  test('is given to proxies too, which send the whole address', async () => {
    const opened = await open();
    for (const line of ['http://example.org/hello', 'HTTP://example.org:80/hello', '/hello']) {
      const { whole } = await talk(opened, `GET ${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(await whole).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nhello$/);
    }
    expect(asked.map(({ url }) => url)).toEqual(['/hello', '/hello', '/hello']);
    const { whole } = await talk(opened, 'GET http://example.org HTTP/1.0\r\n\r\n');
    expect(await whole).toContain(' 404 ');
    expect(asked.at(-1)?.url).toBe('/');
  });
});

describe('what is refused', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    '%s is 405, and says what is allowed',
    async (method) => {
      const { status, headers, body } = await fetchFrom(await open(), '/hello', { method });
      expect([status, body]).toEqual([405, 'Method Not Allowed']);
      expect(headers.get('allow')).toBe('GET, HEAD');
      namesAlways(headers);
      expect(asked).toEqual([]);
    },
  );

  test('CONNECT is 405 and the end of the connection', async () => {
    const { whole } = await talk(await open(), 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n');
    expect(await whole).toMatch(/^HTTP\/1\.1 405 .*\r\nAllow: GET, HEAD\r\n/);
  });

  test('a URL of more than 8192 characters is 414', async () => {
    const opened = await open();
    expect(await fetchFrom(opened, `/hello?${'a'.repeat(8192 - 7)}`)).toMatchObject({ status: 200 });
    expect(await fetchFrom(opened, `/hello?${'a'.repeat(8192 - 6)}`)).toMatchObject({
      status: 414,
      body: 'URI Too Long',
    });
    expect(asked).toHaveLength(1);
  });

  test('too many headers are 431', async () => {
    const opened = await open();
    const { whole } = await talk(opened, `GET /hello HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(await whole).toMatch(
      /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n(?:[\w-]+: .*\r\n)+\r\nRequest Header Fields Too Large\n$/,
    );
  });

  test.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01'],
    ['no HTTP', 'HELLO\r\n\r\n'],
    ['a control character', 'GET /hel\0lo HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a wrong header', 'GET /hello HTTP/1.1\r\nHost x\r\n\r\n'],
    ['letters from outside ASCII', 'GET /h\xe9llo HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no host', 'GET /hello HTTP/1.1\r\n\r\n'],
    ['two lengths', 'GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
  ])('%s is 400 and the end of the connection', async (_, sent) => {
    const opened = await open();
    const { whole } = await talk(opened, sent);
    expect(await whole).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(bugs).toEqual([]);
    expect(await fetchFrom(opened, '/hello')).toMatchObject({ status: 200 });
  });

  test('an address that is taken is a problem', async () => {
    const { port } = await open();
    const opening = openPublicListener({ host: '127.0.0.1', port }, { faces: [], onBug: () => {} });
    await expect(opening).rejects.toMatchObject({
      code: 'address-in-use',
      detail: `cannot listen on 127.0.0.1:${port}: another program listens there; port 0 takes a free one`,
    });
    const nowhere = openPublicListener({ host: '203.0.113.1', port: 0 }, { faces: [], onBug: () => {} });
    await expect(nowhere).rejects.toMatchObject({ code: 'address-in-use' });
  });
});

describe('a bug', () => {
  test.each(['/bug', '/split'])(
    'at %s is told by its id and nothing more, and the next request is answered',
    async (path) => {
      const opened = await open();
      const { status, headers, body } = await fetchFrom(opened, path);
      expect(bugs).toHaveLength(1);
      expect(bugs[0]?.error).toBeInstanceOf(Error);
      expect([status, body]).toEqual([500, `Internal Server Error ${bugs[0]?.id}`]);
      expect(bugs[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('set-cookie')).toBeNull();
      namesAlways(headers);
      expect(await fetchFrom(opened, '/hello')).toMatchObject({ status: 200 });
    },
  );
});

describe('closing', () => {
  const keepAlive = 'GET /hello HTTP/1.1\r\nHost: x\r\n\r\n';

  test('ends idle connections at once and takes no new ones', async () => {
    const opened = await open();
    const { socket, whole } = await talk(opened, keepAlive);
    await new Promise((resolve) => socket.once('data', resolve));
    const before = performance.now();
    await opened.close(60_000);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await whole).toContain('hello');
    await expect(fetchFrom(opened, '/hello')).rejects.toThrow();
  });

  /** A connection whose second request has begun and not ended. */
  async function halfAsked(opened: OpenListener): Promise<Talk> {
    const talking = await talk(opened, keepAlive);
    await new Promise((resolve) => talking.socket.once('data', resolve));
    talking.socket.write('GET /last HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    // Whatever was sent before this has been read when it is answered.
    await fetchFrom(opened, '/hello');
    return talking;
  }

  test('cuts what is still asking when its grace is over, and not before', async () => {
    const opened = await open();
    const { whole } = await halfAsked(opened);
    const before = performance.now();
    let cut = false;
    const closing = opened.close(150).then(() => {
      cut = true;
    });
    await pause(50);
    expect(cut).toBe(false);
    await closing;
    expect(performance.now() - before).toBeGreaterThan(140);
    expect(await whole).toMatch(/\r\nhello$/);
  });

  test('lets a request that is under way come to its end, which is that of the connection too', async () => {
    const opened = await open();
    const { socket, whole } = await halfAsked(opened);
    const closing = opened.close(30_000);
    socket.write('done\r\n\r\n');
    await closing;
    expect(await whole).toMatch(/\r\nConnection: close\r\n[\s\S]*\r\nlast$/);
  });
});
