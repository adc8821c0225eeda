import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { afterEach, describe, expect, test } from 'vitest';
import type { AdminEnv, OpenAdminFace } from '../admin-face.ts';
import { Problem } from '../problem.ts';
import { type OpenAdminListener, openAdminListener } from './admin-listener.ts';

const token = 'a-token-of-thirty-two-characters';
const bugs: { readonly id: string; readonly error: unknown }[] = [];
let listener: OpenAdminListener | undefined;
afterEach(async () => {
  await listener?.close(0);
  listener = undefined;
  bugs.length = 0;
});

let counted = 0;
const plain: OpenAdminFace = { authorisation: 'listener', routes: new Hono<AdminEnv>() };
plain.routes
  .get('/hello', (c) => c.text('hello'))
  .get('/slow', async (c) => {
    await pause(150);
    return c.text('slow');
  })
  .get('/counted', (c) => {
    counted += 1;
    return c.text('counted');
  })
  .get('/long', (c) => c.text('x'.repeat(32 * 1024 * 1024)))
  .get('/never', () => new Promise<Response>(() => {}))
  .get('/kept', (c) => c.text('kept', 200, { 'Cache-Control': 'max-age=1' }))
  .get('/problem', () => {
    throw new Problem('invalid-object', 'two things', [
      { at: 'a', message: 'one' },
      { at: 'b', message: 'two' },
    ]);
  })
  .get('/refused/:status{[0-9]{3}}', (c) => {
    const status = Number(c.req.param('status')) as 400 | 415 | 500;
    throw new HTTPException(status, { message: `because ${status}` });
  })
  .get('/bug', () => {
    throw new Error('secret');
  });

/** Has tokens of its own. */
const edge: OpenAdminFace = { authorisation: 'own', routes: new Hono<AdminEnv>() };
edge.routes
  .post('/edge', async (c) => c.json({ length: (await c.req.arrayBuffer()).byteLength }))
  .get('/edge/peer', (c) => c.text(c.env.incoming.socket.remoteAddress ?? ''));

async function open(wanted?: string, answerTimeoutMs?: number): Promise<string> {
  const onBug = (id: string, error: unknown) => void bugs.push({ id, error });
  const faces = [plain, edge];
  listener = await openAdminListener({ host: '127.0.0.1', port: 0 }, { faces, onBug, token: wanted, answerTimeoutMs });
  return `http://127.0.0.1:${listener.port}`;
}

async function get(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** All that comes back for what is sent, once the connection is closed. */
function talk(sent: string): Promise<string> {
  const socket = connect(listener?.port ?? 0, '127.0.0.1');
  let came = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    came += data;
  });
  socket.write(sent);
  return new Promise((resolve) => {
    socket.on('error', () => resolve(came)).on('close', () => resolve(came));
  });
}

describe('an answer', () => {
  test('comes from the face, is not kept unless it says so, and is for no other page', async () => {
    const base = await open();
    const { status, headers, body } = await get(`${base}/hello`);
    expect({ status, body }).toEqual({ status: 200, body: 'hello' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await get(`${base}/kept`)).headers.get('cache-control')).toBe('max-age=1');
  });

  test('to what nobody serves is a problem with 404', async () => {
    const base = await open();
    for (const [path, method] of [
      ['/elsewhere', 'GET'],
      ['/hello', 'DELETE'],
      ['/', 'GET'],
    ]) {
      const { status, headers, body } = await get(`${base}${path}`, { method: method ?? '' });
      expect(bugs).toEqual([]);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: 'Not Found', status: 404 });
    }
  });

  test('to an expected failure is its problem, with every mistake', async () => {
    const { status, body } = await get(`${await open()}/problem`);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      type: '/problems/invalid-object',
      title: 'An object does not fit its kind',
      status: 400,
      detail: 'two things',
      errors: [
        { at: 'a', detail: 'one' },
        { at: 'b', detail: 'two' },
      ],
    });
    expect(bugs).toEqual([]);
  });

  test('to what Hono refuses is a problem, and to what fails in it a bug', async () => {
    const base = await open();
    const refused = async (status: number) => {
      const { body, headers, ...answer } = await get(`${base}/refused/${status}`);
      return { ...answer, type: headers.get('content-type'), body: JSON.parse(body) };
    };
    const type = 'application/problem+json';
    expect(await refused(400)).toMatchObject({
      status: 400,
      type,
      body: { type: '/problems/usage', detail: 'because 400' },
    });
    const title = 'Unsupported Media Type';
    expect(await refused(415)).toEqual({ status: 415, type, body: { type: 'about:blank', title, status: 415 } });
    expect(bugs).toEqual([]);
    expect(await refused(500)).toMatchObject({ status: 500, type });
    expect(bugs).toHaveLength(1);
  });

  test('to a bug is an id and nothing more', async () => {
    const { status, headers, body } = await get(`${await open()}/bug`);
    expect(status).toBe(500);
    const [bug] = bugs;
    expect(bugs).toHaveLength(1);
    expect(bug?.error).toEqual(new Error('secret'));
    const instance = `urn:uuid:${bug?.id}`;
    expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500, instance });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('who is let in', () => {
  test('is decided by the listener for a face that leaves it to it', async () => {
    const base = await open(token);
    const wrong = { headers: { Authorization: 'Bearer wrong' } };
    expect((await get(`${base}/hello`, wrong)).status).toBe(401);
    expect((await get(`${base}/hello`)).status).toBe(401);
    expect((await get(`${base}/elsewhere`, wrong)).status).toBe(401);
    expect((await get(`${base}/hello`, { headers: { Authorization: `Bearer ${token}` } })).body).toBe('hello');
    await listener?.close(0);
    await open();
    const led = await talk('GET /hello HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(led).toMatch(/^HTTP\/1\.1 403 [\s\S]*host-not-allowed/);
  });

  test('is decided by a face that wants it so, which gets every request for it', async () => {
    const base = await open();
    const wrong = { headers: { Authorization: 'Bearer wrong' } };
    expect((await get(`${base}/edge/peer`, wrong)).body).toBe('127.0.0.1');
    expect((await get(`${base}/edge`, { ...wrong, method: 'POST', body: 'four' })).body).toBe('{"length":4}');
  });
});

describe('too much', () => {
  test('in a body is 413, and a body that does not say how long it is 411', async () => {
    const base = await open();
    const large = 'x'.repeat(5 * 1024 * 1024);
    expect((await get(`${base}/edge`, { method: 'POST', body: large })).status).toBe(413);
    const head = 'POST /edge HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    expect(await talk(`${head}Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 411 /);
    expect((await get(`${base}/hello`)).body).toBe('hello');
    expect(bugs).toEqual([]);
  });

  test('in a body is what a face says, below a path of its own', async () => {
    const routes = new Hono<AdminEnv>().post('/long/:name', async (c) =>
      c.json((await c.req.arrayBuffer()).byteLength),
    );
    const long: OpenAdminFace = { authorisation: 'own', bodies: { under: '/long/', longest: 5_000_000 }, routes };
    const onBug = (id: string, error: unknown) => void bugs.push({ id, error });
    listener = await openAdminListener({ host: '127.0.0.1', port: 0 }, { faces: [edge, long], onBug });
    const post = (path: string, length: number) =>
      get(`http://127.0.0.1:${listener?.port}${path}`, { method: 'POST', body: 'x'.repeat(length) });
    expect(await post('/long/a', 5_000_000)).toMatchObject({ status: 200, body: '5000000' });
    expect((await post('/long/a', 5_000_001)).status).toBe(413);
    expect((await post('/edge', 5_000_000)).status).toBe(413);
    expect(bugs).toEqual([]);
  });

  test('in headers is 431', async () => {
    await open();
    expect(await talk(`GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['no host', 'GET /hello HTTP/1.1\r\n\r\n'],
    ['a host that is none', 'GET /hello HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n'],
    ['two lengths', 'POST /edge HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  ])('or too little: %s is 400', async (_, sent) => {
    await open();
    expect(await talk(sent)).toMatch(/^HTTP\/1\.1 400 /);
    expect(bugs).toEqual([]);
  });
});

describe('who keeps connections', () => {
  test('and does not read what is answered is cut off', async () => {
    const base = await open(undefined, 100);
    const socket = connect(Number(new URL(base).port), '127.0.0.1').pause();
    socket.write('GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await pause(50);
    const toldAt = performance.now();
    await listener?.close(60_000);
    expect(performance.now() - toldAt).toBeLessThan(30_000);
    socket.destroy();
  });

  test('may have half of them, so that others get in', async () => {
    const port = Number(new URL(await open()).port);
    const reach = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const sockets = await Promise.all(Array.from({ length: 500 }, () => reach('127.0.0.1')));
    const refused = await reach('127.0.0.1');
    if (!refused.closed) await once(refused, 'close');
    const other = await reach('127.0.0.2');
    other.write('GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String(await once(other, 'data'))).toMatch(/^HTTP\/1.1 200 /);
    for (const socket of [...sockets, refused, other]) socket.destroy();
  });
});

describe('closing', () => {
  test('lets a running request end', async () => {
    const base = await open();
    const slow = get(`${base}/slow`);
    await pause(50);
    const toldAt = performance.now();
    await listener?.close(10_000);
    expect(performance.now() - toldAt).toBeLessThan(5000);
    const { body, headers } = await slow;
    expect([body, headers.get('connection')]).toEqual(['slow', 'close']);
    await expect(fetch(`${base}/hello`)).rejects.toThrow();
  });

  test('does nothing for a request whose answer would come after the last one of its connection', async () => {
    const base = await open();
    counted = 0;
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const { port } = new URL(base);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
    let came = '';
    socket.on('data', (data: string) => {
      came += data;
    });
    socket.write(ask('/slow'));
    await pause(50);
    const ended = once(socket, 'close');
    const closed = listener?.close(10_000);
    socket.write(ask('/counted'));
    await Promise.all([closed, ended]);
    expect([came.match(/HTTP\/1.1 200/g), came.endsWith('slow'), counted]).toEqual([['HTTP/1.1 200'], true, 0]);
  });

  test('cuts what does not end in time', async () => {
    const base = await open();
    const never = fetch(`${base}/never`).then(
      () => 'answered',
      () => 'cut',
    );
    await pause(50);
    await listener?.close(50);
    expect(await never).toBe('cut');
  });
});

test('an address that is taken is a problem', async () => {
  await open();
  const second = openAdminListener({ host: '127.0.0.1', port: listener?.port ?? 0 }, { faces: [], onBug: () => {} });
  await expect(second).rejects.toMatchObject({ code: 'address-in-use' });
});
