import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { furnish, user } from '../../app/changes/changing.fixture.ts';
import { listCredentials } from '../../app/sign-in/list-credentials.ts';
import { revokeCredential } from '../../app/sign-in/revoke-credential.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ada = user('ada');
const ed = user('ed');
/** None comes back while a test runs. */
const slow = { perSecond: 0.001, burst: 3 };

async function furnished(): Promise<ApiServer> {
  const server = await openServer({ rate: slow });
  await furnish(server.workshop);
  return server;
}

async function statuses(times: number, ask: () => Promise<{ readonly status: number }>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push((await ask()).status);
  return found;
}

describe('who asks too often', () => {
  test('is told when to ask again, whichever token is sent, and keeps out nobody else', async () => {
    const server = await furnished();
    const tokens = [await server.tokenOf(ada), await server.tokenOf(ada)];
    let turn = 0;
    const me = () => server.call('GET', '/api/v1/me', { token: tokens[turn++ % 2] });
    expect(await statuses(5, me)).toEqual([200, 200, 200, 429, 429]);
    const { headers, body } = await me();
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    expect((await server.call('GET', '/api/v1/me', { token: await server.tokenOf(ed) })).status).toBe(200);
  });

  test('may stop a product all the same', async () => {
    const server = await furnished();
    const token = await server.tokenOf(ed);
    await statuses(4, () => server.call('GET', '/api/v1/me', { token }));
    const stop = () => server.call('POST', '/api/v1/stops', { token, body: { product: 'Firefox' } });
    expect(await statuses(5, stop)).toEqual([200, 200, 200, 200, 200]);
  });

  test('and is let in by nothing, is counted by the address, and keeps out nobody who was let in from there', async () => {
    const server = await furnished();
    const [known, fresh] = [await server.tokenOf(ada), await server.tokenOf(ed)];
    expect((await server.call('GET', '/api/v1/me', { token: known })).status).toBe(200);
    const guess = () => server.call('GET', '/api/v1/me', { token: `sluice_${'x'.repeat(43)}` });
    const found = await statuses(40, guess);
    expect(found.slice(0, 30)).toEqual(Array(30).fill(401));
    expect(found.at(-1)).toBe(429);
    expect((await server.call('GET', '/api/v1/me', { token: known })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/me', { token: fresh })).status).toBe(429);
    expect((await server.call('POST', '/api/v1/stops', { token: fresh, body: { product: 'Firefox' } })).status).toBe(
      200,
    );
    server.address = '192.0.2.2';
    expect((await guess()).status).toBe(401);
  });
});

describe('a body', () => {
  test('is not waited for where nobody is let in', async () => {
    const server = await furnished();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST /api/v1/changes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    socket.write('Content-Length: 30000000\r\n\r\n{"reason":');
    const [first] = await once(socket, 'data');
    expect(String(first)).toMatch(/^HTTP\/1.1 401 /);
    socket.destroy();
  });

  test('may have 32 MiB and no more', async () => {
    const server = await furnished();
    const token = await server.tokenOf(ada);
    const ask = (bytes: number) =>
      server.call('POST', '/api/v1/changes', { token, body: `{"reason":"${'x'.repeat(bytes - 13)}"}` });
    expect((await ask(32 * 1024 * 1024)).status).toBe(400);
    expect((await ask(32 * 1024 * 1024 + 1)).status).toBe(413);
  });
});

test('while the database is away nobody is told where it is', async () => {
  const server = await furnished();
  const token = await server.tokenOf(ada);
  server.isAway = true;
  const { status, body } = await server.call('GET', '/api/v1/me', { token });
  expect(status).toBe(503);
  expect(body).toMatchObject({ type: '/problems/store-unavailable', detail: 'who asks cannot be looked up now' });
});

test('a token that was revoked counts as one of a stranger', async () => {
  const server = await openServer();
  await furnish(server.workshop);
  const token = await server.tokenOf(ada);
  const me = () => server.call('GET', '/api/v1/me', { token });
  expect((await me()).status).toBe(200);
  const [revoked] = await listCredentials(server.store, { kind: 'token', owner: `user:${ada.name}`, limit: 1 });
  await revokeCredential(server.store, { id: revoked?.id ?? '', by: 'local:test' }, 1);
  server.workshop.setClock(server.workshop.changing.nowMs() + 1000);
  const found = await statuses(40, me);
  expect([found[0], found.at(-1)]).toEqual([401, 429]);
});

test('who is not let in learns nothing of which paths there are', async () => {
  const server = await furnished();
  const [there, gone] = [await server.call('GET', '/api/v1/me'), await server.call('GET', '/api/v1/gone')];
  expect([there.status, gone.status]).toEqual([401, 401]);
  expect(there.body).toEqual(gone.body);
});
