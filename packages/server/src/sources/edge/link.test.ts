import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Link, type LinkOptions } from './link.ts';
import { type OddNode, openOddNode } from './odd-node.fixture.ts';

let node: OddNode;
let link: Link;
beforeEach(async () => {
  // There is nothing behind it.
  node = await openOddNode('http://127.0.0.1:9');
  link = open();
});
afterEach(async () => {
  link.close();
  await node.close();
});

function open(more: Partial<LinkOptions> = {}): Link {
  return new Link({ from: node.url, token: 'a-token', silenceMs: 5000, answerMs: 5000, ...more });
}

const unavailable = { code: 'source-unavailable' };

describe('an answer', () => {
  test('comes with its status, its headers and its bytes', async () => {
    node.answer('/x', (response, { headers }) => {
      response.setHeader('X-Sent', headers.authorization ?? '').end('body');
    });
    const { status, headers, bytes } = await link.ask('/x', { mostBytes: 4 });
    expect({ status, sent: headers.get('x-sent'), body: bytes.toString() }).toEqual({
      status: 200,
      sent: 'Bearer a-token',
      body: 'body',
    });
  });

  test('is asked for below the path of the address', async () => {
    node.answer('/below/x', (response) => response.end('here'));
    for (const from of [`${node.url}/below`, `${node.url}/below/`]) {
      const asking = open({ from }).ask('/x', { mostBytes: 100 });
      await expect(asking).resolves.toMatchObject({ status: 200 });
    }
    expect(node.asked).toEqual(['GET /below/x', 'GET /below/x']);
  });

  test.each([
    ['a byte too many', (size: number) => Buffer.alloc(size + 1), {}],
    ['a bomb', (size: number) => gzipSync(Buffer.alloc(size * 1000)), { 'Content-Encoding': 'gzip' }],
  ])('of %s is refused', async (_, make, headers) => {
    node.answer('/x', (response) => response.writeHead(200, headers).end(make(10_000)));
    await expect(link.ask('/x', { mostBytes: 10_000 })).rejects.toMatchObject({ code: 'source-not-trusted' });
  });

  test('without an end is refused, and nothing more is read of it', async () => {
    const gone = new Promise<void>((resolve) => {
      node.answer('/x', (response) => {
        const chunk = Buffer.alloc(65_536);
        const write = (): void => {
          while (response.write(chunk));
        };
        response.on('drain', write).on('close', resolve);
        write();
      });
    });
    await expect(link.ask('/x', { mostBytes: 1_000_000 })).rejects.toMatchObject({ code: 'source-not-trusted' });
    await gone;
  });

  test('that is cut is none', async () => {
    node.answer('/x', (response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('half', () => response.destroy());
    });
    await expect(link.ask('/x', { mostBytes: 1000 })).rejects.toMatchObject(unavailable);
    node.answer('/x', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip'));
    await expect(link.ask('/x', { mostBytes: 1000 })).rejects.toMatchObject(unavailable);
  });

  test('that never begins, stops on the way or does not end is not waited for', async () => {
    node.answer('/never', () => {});
    node.answer('/stops', (response) => void response.write('half'));
    node.answer('/trickles', (response) => {
      const trickle = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(trickle));
    });
    const impatient = open({ silenceMs: 100, answerMs: 5000 });
    for (const path of ['/never', '/stops']) {
      const asking = impatient.ask(path, { mostBytes: 1000 });
      await expect(asking).rejects.toMatchObject({ detail: expect.stringContaining('nothing came for 100 ms') });
    }
    const late = open({ silenceMs: 5000, answerMs: 200 }).ask('/trickles', { mostBytes: 1000 });
    await expect(late).rejects.toMatchObject({ detail: expect.stringContaining('not done after 200 ms') });
  });

  test('that nobody waits for any more ends with the link', async () => {
    node.answer('/never', () => {});
    const asking = link.ask('/never', { mostBytes: 1000 });
    const listening = link.listen('/never', { silenceMs: 5000 }, () => {});
    const refusals = Promise.all([
      expect(asking).rejects.toMatchObject(unavailable),
      expect(listening).rejects.toMatchObject(unavailable),
    ]);
    link.close();
    await refusals;
    await expect(link.ask('/never', { mostBytes: 1000 })).rejects.toMatchObject(unavailable);
  });

  test.each([204, 304, 400, 403, 404, 429, 500, 503])('of status %d is none unless it is wanted', async (status) => {
    node.answer('/x', (response) => response.writeHead(status).end());
    await expect(link.ask('/x', { mostBytes: 1000 })).rejects.toMatchObject({
      ...unavailable,
      detail: expect.stringContaining(`/x is answered with ${status}`),
    });
    expect((await link.ask('/x', { mostBytes: 1000, statuses: [status] })).status).toBe(status);
  });

  test('that the token is unknown is told as that', async () => {
    node.answer('/x', (response) => response.writeHead(401).end());
    await expect(link.ask('/x', { mostBytes: 1000 })).rejects.toMatchObject({ code: 'edge-token-needed' });
  });
});

test('a redirection is not followed, and the token stays here', async () => {
  let visitors = 0;
  const elsewhere = createServer((_, response) => {
    visitors += 1;
    response.end('here');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const address = elsewhere.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const status of [301, 302, 307, 308]) {
    node.answer('/x', (response) => response.writeHead(status, { Location: `http://127.0.0.1:${port}/x` }).end());
    await expect(link.ask('/x', { mostBytes: 1000 })).rejects.toMatchObject(unavailable);
  }
  expect(visitors).toBe(0);
  elsewhere.close();
});

test('a node that is not there is a problem that says so', async () => {
  const { url } = node;
  await node.close();
  await expect(link.ask('/x', { mostBytes: 1 })).rejects.toMatchObject({ detail: expect.stringContaining('ECONN') });
  node = await openOddNode(url);
});

test('only what goes over a network as it is can be read by all', () => {
  const isOpen = (from: string): boolean => open({ from }).isOpenToAll;
  expect(['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:8081', 'https://a.example'].some(isOpen)).toBe(false);
  expect(['http://10.0.0.1', 'http://a.example:8081', 'http://localhost.example'].every(isOpen)).toBe(true);
});
