import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openApiClient } from './api-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A client of a server that answers so. */
async function clientOf(listener: RequestListener, rest: { silenceMs?: number; patienceMs?: number } = {}) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return openApiClient({ url: `http://127.0.0.1:${port}/`, token: 'a-token', insecure: false, ...rest });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe('a client of the API', () => {
  test('sends its token, what it is asked for and what it saw, and reads body and version', async () => {
    const seen: unknown[] = [];
    const api = await clientOf(async (request, response) => {
      const { authorization, 'if-match': ifMatch, 'idempotency-key': key, 'content-type': type } = request.headers;
      seen.push([request.method, request.url, authorization, ifMatch, typeof key, type, await textOf(request)]);
      response.writeHead(200, { ETag: '"7"' }).end('{"a":1}');
    });
    expect(await api.get('/changes', { state: ['draft', 'pending'], limit: 5, cursor: undefined })).toEqual({
      body: { a: 1 },
      version: 7,
    });
    await api.send('PATCH', '/changes/1', { reason: 'so' }, { version: 3 });
    expect(seen).toEqual([
      [
        'GET',
        '/api/v1/changes?state=draft&state=pending&limit=5',
        'Bearer a-token',
        undefined,
        'undefined',
        undefined,
        '',
      ],
      ['PATCH', '/api/v1/changes/1', 'Bearer a-token', '"3"', 'string', 'application/json', '{"reason":"so"}'],
    ]);
  });

  test('asks once more under the same key when the connection is lost, and then gives up', async () => {
    const keys: unknown[] = [];
    const lossy =
      (losses: number): RequestListener =>
      async (request, response) => {
        keys.push(request.headers['idempotency-key']);
        await textOf(request);
        if (keys.length <= losses) request.socket.destroy();
        else response.end('{}');
      };
    await (await clientOf(lossy(1))).send('POST', '/changes', {});
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    keys.length = 0;
    const api = await clientOf(lossy(9));
    await expect(api.send('POST', '/changes', {})).rejects.toMatchObject({ code: 'api-unavailable' });
    expect(keys).toHaveLength(2);
    await expect(api.send('POST', '/tokens', {}, { onlyOnce: true })).rejects.toMatchObject({
      code: 'api-unavailable',
    });
    expect(keys).toHaveLength(3);
  });

  test('throws the problem that the server answers with, and its places', async () => {
    const api = await clientOf((_, response) =>
      response.writeHead(409, { 'Content-Type': 'application/problem+json' }).end(
        JSON.stringify({
          type: '/problems/version-conflict',
          title: 'Someone else changed this first',
          status: 409,
          detail: 'rule 10',
          errors: [{ at: 'edits[0]', detail: 'is at version 3' }],
        }),
      ),
    );
    await expect(api.get('/x')).rejects.toMatchObject({
      code: 'version-conflict',
      message: 'Someone else changed this first: rule 10',
      mistakes: [{ at: 'edits[0]', message: 'is at version 3' }],
    });
  });

  test.each([
    [413, '{"type":"about:blank","title":"Payload Too Large"}', 'Payload Too Large'],
    [500, '{"type":"about:blank","title":"Internal Server Error","instance":"urn:uuid:1"}', 'urn:uuid:1'],
    [502, '<html>bad gateway</html>', '502'],
    [404, '{"type":"/problems/from-the-future","title":"New","detail":"things"}', 'New; things'],
    [200, '<html>a portal</html>', 'is not JSON'],
  ])('says what else answered: %s %s', async (status, body, told) => {
    const api = await clientOf((_, response) => response.writeHead(status).end(body));
    await expect(api.get('/x')).rejects.toMatchObject({
      code: 'api-unavailable',
      detail: expect.stringContaining(told),
    });
  });

  test('follows no redirect, for it would take the token along', async () => {
    let asked = 0;
    const api = await clientOf((_, response) => {
      asked += 1;
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    await expect(api.get('/x')).rejects.toMatchObject({ detail: expect.stringContaining('/elsewhere') });
    expect(asked).toBe(1);
  });

  test('does not wait for ever, neither for the beginning of an answer nor for its end', async () => {
    const api = await clientOf((request, response) => void (request.url?.endsWith('half') && response.write('{')), {
      silenceMs: 200,
    });
    await expect(api.get('/none')).rejects.toMatchObject({ detail: expect.stringContaining('within 0.2 s') });
    await expect(api.get('/half')).rejects.toMatchObject({ detail: expect.stringContaining('within 0.2 s') });
  });

  test('waits where it asks too often, but only so long', async () => {
    let asked = 0;
    const often =
      (times: number): RequestListener =>
      (_, response) => {
        asked += 1;
        if (asked <= times) {
          const body = '{"type":"/problems/too-many-requests","detail":"try again"}';
          response.writeHead(429, { 'Retry-After': '1' }).end(body);
        } else response.end('{"a":1}');
      };
    expect((await (await clientOf(often(1))).get('/x')).body).toEqual({ a: 1 });
    asked = 0;
    await expect((await clientOf(often(9), { patienceMs: 500 })).get('/x')).rejects.toMatchObject({
      code: 'too-many-requests',
    });
    expect(asked).toBe(1);
  });

  test.each([
    ['http://admin.example.org:8081', 'usage'],
    ['http://10.0.0.5:8081', 'usage'],
    ['http://localhost.example.org', 'usage'],
    ['https://ada:secret@admin.example.org', 'usage'],
    ['ftp://127.0.0.1', 'usage'],
    ['127.0.0.1:8081', 'usage'],
    ['https://admin.example.org/?x', 'usage'],
  ])('is not opened for %s', (url, code) => {
    expect(() => openApiClient({ url, token: 'a-token', insecure: false })).toThrow(expect.objectContaining({ code }));
  });

  test('is opened for this machine, for TLS, and for others where that is said to be well', () => {
    const open = (url: string, insecure = false) => openApiClient({ url, token: 'a-token', insecure }).url;
    expect(open('http://localhost:8081/')).toBe('http://localhost:8081');
    expect(open('http://[::1]:8081')).toBe('http://[::1]:8081');
    expect(open('https://admin.example.org/sluice/')).toBe('https://admin.example.org/sluice');
    expect(open('http://10.0.0.5:8081', true)).toBe('http://10.0.0.5:8081');
  });

  test('needs a token', () => {
    expect(() => openApiClient({ url: 'http://127.0.0.1:1', token: undefined, insecure: false })).toThrow(
      expect.objectContaining({ code: 'sign-in-needed' }),
    );
  });
});
