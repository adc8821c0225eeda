import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Blob } from 'sluice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MergedReadings } from '../metrics/merged-readings.ts';
import type { Count } from '../metrics/meter-reading.ts';
import { readManifest } from '../snapshot/manifest-file.ts';
import { encodeReleaseFile } from '../snapshot/release-file.ts';
import type { StoredObject } from '../store.ts';
import { type EdgeNode, edgeToken, openEdgeNode } from './edge/edge-node.fixture.ts';

let node: EdgeNode;
beforeEach(async () => {
  node = await openEdgeNode();
});
afterEach(() => node.close());

function get(path: string, headers: Readonly<Record<string, string>> = {}, init: RequestInit = {}): Promise<Response> {
  // Without this, fetch asks for gzip by itself.
  const all = { Authorization: `Bearer ${edgeToken}`, 'Accept-Encoding': 'identity', ...headers };
  return fetch(`${node.url}/edge/v1${path}`, { ...init, headers: all });
}

/** Sends a path just as it is. */
function getRaw(path: string, method = 'GET'): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${edgeToken}` };
    const asking = request({ host: '127.0.0.1', port: new URL(node.url).port, path, method, headers }, (reply) => {
      let body = '';
      reply.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

const blob = { name: 'a', schema_version: 50, detailsUrl: 'https://example.org/', displayVersion: '1' } as Blob;
const file = encodeReleaseFile({ product: 'MyApp', blob });

function release(revision: number, content?: string): StoredObject {
  const body = { product: 'MyApp', sha256: file.sha256, ...(content === undefined ? {} : { content }) };
  return { kind: 'release', name: 'a', version: 1, revision, body };
}

async function publishRelease(): Promise<void> {
  await node.shelf.putFile('MyApp', file.sha256, file.bytes);
  publish(1, [release(1)]);
}

function publish(revision: number, objects: readonly StoredObject[]): void {
  node.publish({ mark: { revision, commit: `c${revision}` }, whole: true, objects, deleted: [] });
}

describe('the token', () => {
  const paths = ['/snapshot', `/releases/${file.sha256}`, '/events', '/key', '/readings', '/nothing'];

  test.each(paths)('is wanted for %s, on this machine too', async (path) => {
    await publishRelease();
    const wrong = ['', 'Bearer', 'Bearer x', `Basic ${edgeToken}`, `Bearer ${edgeToken}x`, edgeToken];
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
      for (const Authorization of wrong) {
        const response = await get(path, { Authorization }, { method });
        expect(response.status, `${method} ${Authorization}`).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sluice edge"');
        const body = await response.text();
        if (method !== 'HEAD') expect(JSON.parse(body)).toMatchObject({ type: '/problems/edge-token-needed' });
      }
    }
    expect(node.readings.total()).toEqual([]);
  });

  test('is any of those that the node has', async () => {
    await node.close();
    const tokens = ['one-token-of-thirty-two-characters', 'two-token-of-thirty-two-characters'];
    node = await openEdgeNode({ tokens });
    for (const token of tokens) {
      expect((await get('/key', { Authorization: `bearer  ${token}` })).status).toBe(200);
    }
    expect((await get('/key')).status).toBe(401);
  });

  test('lets nobody in where there is none', async () => {
    await node.close();
    node = await openEdgeNode({ tokens: [] });
    for (const path of paths) {
      for (const Authorization of [`Bearer ${edgeToken}`, 'Bearer ', 'Bearer undefined']) {
        // A token that is none of the admin listener's is refused by that; without one nothing is there.
        expect((await get(path, { Authorization })).status).not.toBe(200);
      }
      const response = await fetch(`${node.url}/edge/v1${path}`);
      expect(response.status).toBe(404);
      await response.text();
    }
  });
});

describe('the snapshot', () => {
  test('is signed by the key that is shown', async () => {
    await publishRelease();
    const response = await get('/snapshot');
    const bytes = Buffer.from(await response.arrayBuffer());
    const shown = Buffer.from(await (await get('/key')).text(), 'base64');
    const key = createPublicKey({ key: shown, format: 'der', type: 'spki' });
    const signature = Buffer.from(response.headers.get('sluice-signature') ?? '', 'base64');
    expect(verify(null, bytes, key, signature)).toBe(true);
    expect(verify(null, Buffer.concat([bytes, Buffer.from(' ')]), key, signature)).toBe(false);
    expect(readManifest(bytes.toString())).toEqual({ mark: { revision: 1, commit: 'c1' }, objects: [release(1)] });
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
  });

  test('is not sent again to who has it', async () => {
    await publishRelease();
    const tag = (await get('/snapshot')).headers.get('etag') ?? '';
    const gzipTag = (await get('/snapshot', { 'Accept-Encoding': 'gzip' })).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[^"]+"$/);
    expect(gzipTag).not.toBe(tag);
    for (const had of [tag, gzipTag, `W/${tag}`, `"x", ${tag}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const response = await get('/snapshot', { 'If-None-Match': had }, { method });
        expect({ had, status: response.status, body: await response.text() }).toEqual({ had, status: 304, body: '' });
      }
    }
    for (const other of ['', '"x"', tag.slice(1, -1), '"']) {
      expect((await get('/snapshot', { 'If-None-Match': other })).status).toBe(200);
    }
    publish(2, []);
    const changed = await get('/snapshot', { 'If-None-Match': tag });
    expect(changed.status).toBe(200);
    expect(readManifest(await changed.text()).mark.revision).toBe(2);
  });

  test('is without a body when only its head is asked for', async () => {
    await publishRelease();
    const response = await get('/snapshot', {}, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBeNull();
    expect(await response.text()).toBe('');
  });

  test('is packed for who can unpack it, and signed as it is unpacked', async () => {
    await publishRelease();
    const plain = await get('/snapshot');
    expect(plain.headers.get('content-encoding')).toBeNull();
    for (const accepted of ['gzip', 'br, gzip;q=0.5', '*', 'GZIP']) {
      const packed = await get('/snapshot', { 'Accept-Encoding': accepted });
      expect(packed.headers.get('content-encoding'), accepted).toBe('gzip');
      expect(packed.headers.get('vary')).toContain('Accept-Encoding');
      expect(packed.headers.get('sluice-signature')).toBe(plain.headers.get('sluice-signature'));
      expect(readManifest(await packed.text()).objects).toEqual([release(1)]);
    }
    for (const refused of ['identity', 'gzip;q=0', 'br', 'gzip ; q=0.000', 'xgzip']) {
      const response = await get('/snapshot', { 'Accept-Encoding': refused });
      expect(response.headers.get('content-encoding'), refused).toBeNull();
      await response.text();
    }
  });

  test('names a release that could not be written here like any other, and its file is there', async () => {
    publish(1, [release(1, file.bytes.toString('base64'))]);
    expect(readManifest(await (await get('/snapshot')).text()).objects).toEqual([release(1)]);
    const response = await get(`/releases/${file.sha256}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(file.bytes)).toBe(true);
  });
});

describe('a release', () => {
  test('is its bytes, which never change', async () => {
    await publishRelease();
    const response = await get(`/releases/${file.sha256}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(file.bytes)).toBe(true);
    expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  });

  test('is not sent, nor read, for who has it', async () => {
    await publishRelease();
    const [name = ''] = readdirSync(node.releases);
    writeFileSync(join(node.releases, name), 'damaged');
    for (const had of [`"${file.sha256}"`, `W/"${file.sha256}"`, `"x", "${file.sha256}"`]) {
      const response = await get(`/releases/${file.sha256}`, { 'If-None-Match': had });
      expect({ had, status: response.status, body: await response.text() }).toEqual({ had, status: 304, body: '' });
      expect(response.headers.get('etag')).toBe(`"${file.sha256}"`);
    }
    const other = await get(`/releases/${'0'.repeat(64)}`, { 'If-None-Match': `"${'0'.repeat(64)}"` });
    expect(other.status).toBe(404);
    expect(node.damaged()).toBe(0);
  });

  test('is not there when the present snapshot does not have it', async () => {
    await publishRelease();
    publish(2, []);
    expect(node.shelf.has(file.sha256)).toBe(true);
    expect((await get(`/releases/${file.sha256}`)).status).toBe(404);
  });

  test('is asked for by its digest and nothing else', async () => {
    await publishRelease();
    const tricks = [
      `${file.sha256}.release`,
      file.sha256.toUpperCase(),
      file.sha256.slice(1),
      `${file.sha256}0`,
      `${file.sha256}%00`,
      `${file.sha256}/`,
      `../releases/${file.sha256}`,
      `..%2f..%2fmanifest.jsonl`,
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '../../../../../../etc/passwd',
      '__proto__',
      '%ff%fe',
      '',
      '0'.repeat(64),
      'a'.repeat(10_000),
    ];
    for (const trick of tricks) {
      const { status, body } = await getRaw(`/edge/v1/releases/${trick}`);
      expect(body, trick).not.toContain('root:');
      // A client may leave `..` where it is; what it leads to is then the listener's to say.
      if (!trick.startsWith('../releases/')) expect([400, 401, 404], trick).toContain(status);
    }
    expect(node.bugs).toEqual([]);
  });

  test('that is damaged is a problem, and the node hears of it', async () => {
    await publishRelease();
    const [name = ''] = readdirSync(node.releases);
    writeFileSync(join(node.releases, name), Buffer.concat([file.bytes, Buffer.from('x')]));
    const response = await get(`/releases/${file.sha256}`);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 503,
      body: { type: '/problems/snapshot-damaged' },
    });
    expect(node.damaged()).toBe(1);
  });
});

describe('a report', () => {
  const instance = randomUUID();
  const counted = (value: number): readonly Count[] => [{ name: 'requests', labels: ['200'], value }];

  async function post(body: unknown): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await get('/readings', { 'Content-Type': 'application/json' }, { method: 'POST', body: text });
    await response.text();
    return response;
  }

  test('is counted, once, however often it comes', async () => {
    const first = await post({ instance, sequence: 1, reading: counted(3) });
    expect(first.status).toBe(204);
    const started = first.headers.get('sluice-node') ?? '';
    expect(started).toMatch(/^[0-9a-f-]{36}$/);
    await post({ instance, node: started, sequence: 2, reading: counted(5) });
    await post({ instance, node: started, sequence: 2, reading: counted(5) });
    await post({ instance: randomUUID(), sequence: 1, reading: counted(10) });
    expect(node.readings.total()).toEqual(counted(15));
  });

  test('that comes late counts nothing', async () => {
    await post({ instance, sequence: 2, reading: counted(5) });
    expect((await post({ instance, sequence: 1, reading: counted(3) })).status).toBe(204);
    await post({ instance, sequence: 3, reading: counted(6) });
    expect(node.readings.total()).toEqual(counted(6));
  });

  test('of one edge more than the node counts for is a problem and counts nothing', async () => {
    await node.close();
    node = await openEdgeNode({ readings: new MergedReadings({ maxSources: 1 }) });
    await post({ instance, sequence: 1, reading: counted(3) });
    const other = { instance: randomUUID(), sequence: 1, reading: counted(5) };
    const response = await get('/readings', {}, { method: 'POST', body: JSON.stringify(other) });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 503,
      body: { type: '/problems/too-many-edges' },
    });
    await post({ instance, sequence: 2, reading: counted(4) });
    expect(node.readings.total()).toEqual(counted(4));
  });

  test('that was for another start of the node is refused, with the name of this one', async () => {
    const response = await post({ instance, node: randomUUID(), sequence: 1, reading: counted(3) });
    expect(response.status).toBe(409);
    const started = response.headers.get('sluice-node') ?? '';
    expect(node.readings.total()).toEqual([]);
    expect((await post({ instance, node: started, sequence: 2, reading: counted(3) })).status).toBe(204);
    expect(node.readings.total()).toEqual(counted(3));
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['another shape', '[]'],
    ['no instance', { sequence: 1, reading: [] }],
    ['an instance that is no UUID', { instance: 'x', sequence: 1, reading: [] }],
    ['no sequence', { instance, reading: [] }],
    ['another field', { instance, sequence: 1, reading: [], more: 1 }],
    ['a counter that there is not', { instance, sequence: 1, reading: [{ name: 'x', labels: [], value: 1 }] }],
    ['other labels', { instance, sequence: 1, reading: [{ name: 'requests', labels: [], value: 1 }] }],
    ['less than nothing', { instance, sequence: 1, reading: counted(-1) }],
    ['half a request', { instance, sequence: 1, reading: counted(0.5) }],
    ['many mistakes', { instance, sequence: 1, reading: Array.from({ length: 1000 }, () => ({})) }],
  ])('of %s is a mistake and counts nothing', async (_, body) => {
    expect((await post(body)).status).toBe(400);
    expect(node.readings.total()).toEqual([]);
    expect(node.bugs).toEqual([]);
  });

  test('that is too large is not read', async () => {
    expect((await post(JSON.stringify('x'.repeat(5 * 1024 * 1024)))).status).toBe(413);
  });
});

test('what there is not is not there, whoever asks how', async () => {
  for (const method of ['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'GET']) {
    for (const path of ['/edge/v1/', '/edge/v1', '/edge/v1/snapshots', '/edge/v1/snapshot/x', '/edge/v1/%00']) {
      expect((await getRaw(path, method)).status, `${method} ${path}`).toBe(404);
    }
  }
  expect((await getRaw('/edge/v1/snapshot', 'POST')).status).toBe(404);
  expect((await getRaw('/edge/v1/readings')).status).toBe(404);
  expect(node.bugs).toEqual([]);
});
