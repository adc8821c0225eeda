import { describe, expect, test } from 'vitest';
import { ask, get, openListener, statusesIn, talk, told } from './listener.fixture.ts';

const host = 'Host: x\r\n';
const hidden = 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n';
const chunked = 'Transfer-Encoding: chunked\r\n';

/** What hides a second request in what looks like the body of the first, or in its headers, and is refused. */
const refused: readonly [what: string, sent: string][] = [
  ['a length and chunks', `GET /1 HTTP/1.1\r\n${host}Content-Length: 5\r\n${chunked}\r\n0\r\n\r\n${hidden}`],
  ['chunks and a length', `GET /1 HTTP/1.1\r\n${host}${chunked}Content-Length: 5\r\n\r\n0\r\n\r\n${hidden}`],
  ['two lengths', `GET /1 HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: 30\r\n\r\n${hidden}`],
  ['the same length twice', `GET /1 HTTP/1.1\r\n${host}Content-Length: 30\r\nContent-Length: 30\r\n\r\n${hidden}`],
  ['a list of lengths', `GET /1 HTTP/1.1\r\n${host}Content-Length: 0, 30\r\n\r\n${hidden}`],
  ['a length with a sign', `GET /1 HTTP/1.1\r\n${host}Content-Length: +0\r\n\r\n${hidden}`],
  ['a negative length', `GET /1 HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n${hidden}`],
  ['a length in hexadecimal', `GET /1 HTTP/1.1\r\n${host}Content-Length: 0x1e\r\n\r\n${hidden}`],
  ['a length beyond all numbers', `GET /1 HTTP/1.1\r\n${host}Content-Length: 18446744073709551616\r\n\r\n${hidden}`],
  ['a length with a space in it', `GET /1 HTTP/1.1\r\n${host}Content-Length: 3 0\r\n\r\n${hidden}`],
  [
    'a coding before the chunks',
    `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${hidden}`,
  ],
  ['an unknown coding', `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
  [
    'chunks that are not the last coding',
    `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n${hidden}`,
  ],
  ['chunked twice', `GET /1 HTTP/1.1\r\n${host}${chunked}Transfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`],
  [
    'a coding behind a vertical tab',
    `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  ],
  ['a coding in quotes', `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${hidden}`],
  ['a space before the colon', `GET /1 HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a tab before the colon', `GET /1 HTTP/1.1\r\n${host}Content-Length\t: 30\r\n\r\n${hidden}`],
  ['a header that begins with a space', `GET /1 HTTP/1.1\r\n Content-Length: 30\r\n${host}\r\n${hidden}`],
  ['a header without a name', `GET /1 HTTP/1.1\r\n${host}: 30\r\n\r\n${hidden}`],
  ['a NUL in a header', `GET /1 HTTP/1.1\r\n${host}X: a\0b\r\n\r\n${hidden}`],
  ['a bare CR in a header', `GET /1 HTTP/1.1\r\n${host}X: a\rContent-Length: 30\r\n\r\n${hidden}`],
  ['a bare CR at the end of the headers', `GET /1 HTTP/1.1\r\n${host}\r${hidden}`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'],
  ['HTTP/1.10', `GET /1 HTTP/1.10\r\n${host}\r\n`],
  ['a method in small letters', `get /1 HTTP/1.1\r\n${host}\r\n`],
];

describe('what could be read in two ways', () => {
  test.each(refused)('%s is refused, and what stands behind it is not read', async (_, sent) => {
    const listener = await openListener();
    const { whole } = await talk(listener, sent);
    expect(statusesIn(await whole)).toEqual([400]);
    expect(told.asked).toEqual([]);
    expect(told.bugs).toEqual([]);
    expect(await ask(listener, '/hello')).toMatchObject({ status: 200, body: 'hello' });
  });

  test('a request that is right before it is answered, and nothing after it', async () => {
    const listener = await openListener();
    for (const [, sent] of refused) {
      const { whole } = await talk(listener, get('/1') + sent);
      expect(statusesIn(await whole)).toEqual([200, 400]);
    }
    expect(told.asked).toEqual(refused.map(() => '/1'));
    expect(told.refused).toEqual(refused.map(() => 'malformed'));
  });

  test.each([
    ['HTTP/0.9', 'GET /1\r\n\r\n'],
    ['HTTP/2.0', `GET /1 HTTP/2.0\r\n${host}\r\n`],
  ])('%s is a version that is not spoken, and the end of the connection', async (_, sent) => {
    const listener = await openListener();
    const { whole } = await talk(listener, sent + hidden);
    expect(statusesIn(await whole)).toEqual([400]);
    expect(told.asked).toEqual([]);
  });

  test('an upgrade is answered as if it were none, and is the end of the connection', async () => {
    const listener = await openListener();
    const upgrade = get('/1', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n');
    const { whole } = await talk(listener, upgrade + hidden);
    expect(statusesIn(await whole)).toEqual([200]);
    expect(told.asked).toEqual(['/1']);
  });

  test('chunks in HTTP/1.0, which has none, are the end of the connection', async () => {
    const listener = await openListener();
    const { whole } = await talk(listener, `GET /1 HTTP/1.0\r\n${chunked}\r\n0\r\n\r\n${hidden}`);
    expect(statusesIn(await whole)).toEqual([200]);
    expect(told.asked).toEqual(['/1']);
  });

  test('CONNECT is 405 and makes no tunnel', async () => {
    const listener = await openListener();
    const { whole } = await talk(listener, `CONNECT x:80 HTTP/1.1\r\n${host}\r\n${hidden}`);
    expect(statusesIn(await whole)).toEqual([405]);
    expect(told.asked).toEqual([]);
  });
});

/** What is one request and then another, however it may look. */
const two: readonly [what: string, sent: string, asked: readonly string[]][] = [
  ['a body with a length', `GET /1 HTTP/1.1\r\n${host}Content-Length: ${hidden.length}\r\n\r\n${hidden}`, ['/1', '/9']],
  ['a body in chunks', `GET /1 HTTP/1.1\r\n${host}${chunked}\r\n1c\r\n${hidden}\r\n0\r\n\r\n`, ['/1', '/9']],
  ['no body', `GET /1 HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`, ['/1', '/9']],
  ['a whole address and another host', `GET http://y/1 HTTP/1.1\r\n${host}\r\n`, ['/1', '/9']],
  ['a body where none is allowed', `POST /1 HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`, ['/9']],
  ['a request line with too many spaces', `GET   /1 HTTP/1.1\r\n${host}\r\n`, ['/1', '/9']],
  ['two hosts', `GET /1 HTTP/1.1\r\n${host}Host: y\r\n\r\n`, ['/1', '/9']],
  ['empty lines before it', `\r\n\r\nGET /1 HTTP/1.1\r\n${host}\r\n`, ['/1', '/9']],
  ['headers that name themselves in Connection', `GET /1 HTTP/1.1\r\nConnection: Host\r\n${host}\r\n`, ['/1', '/9']],
];

test.each(two)('%s is one request, and the next one begins where it ends', async (_, sent, asked) => {
  const listener = await openListener();
  const { whole } = await talk(listener, sent + get('/9', 'Connection: close\r\n'));
  expect(statusesIn(await whole)).toHaveLength(2);
  expect(await whole).toMatch(/\r\n\r\n\/9$/);
  expect(told.asked).toEqual(asked);
});

test('lines that end without CR are refused, or are one request', async () => {
  const listener = await openListener();
  const { whole } = await talk(listener, `GET /1 HTTP/1.1\nHost: x\nConnection: close\n\n${hidden}`);
  const statuses = statusesIn(await whole);
  expect([[200], [400]]).toContainEqual(statuses);
  expect(told.asked).toEqual(statuses[0] === 200 ? ['/1'] : []);
});

test('a header over two lines is refused, or is one header', async () => {
  const listener = await openListener();
  const { whole } = await talk(
    listener,
    `GET /1 HTTP/1.1\r\n${host}X: a\r\n Content-Length: 30\r\n\r\n${get('/9', 'Connection: close\r\n')}`,
  );
  const statuses = statusesIn(await whole);
  expect([[200, 200], [400]]).toContainEqual(statuses);
  expect(told.asked).toEqual(statuses[0] === 200 ? ['/1', '/9'] : []);
});

describe('requests that are sent without waiting', () => {
  test('are answered in their order, however they are cut into pieces', async () => {
    const listener = await openListener();
    const wanted = Array.from({ length: 200 }, (_, at) => `/${at}`);
    const sent = wanted.map((path) => get(path)).join('') + get('/999', 'Connection: close\r\n');
    const { whole } = await talk(listener, sent);
    expect([...(await whole).matchAll(/\r\n\r\n(\/\d+)/g)].map(([, path]) => path)).toEqual([...wanted, '/999']);

    const { socket, whole: inPieces } = await talk(listener, '');
    for (let at = 0; at < sent.length; at += 997) {
      socket.write(sent.slice(at, at + 997));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...(await inPieces).matchAll(/\r\n\r\n(\/\d+)/g)].map(([, path]) => path)).toEqual([...wanted, '/999']);
  });

  test('are no more of once one asks for the end of the connection', async () => {
    const listener = await openListener();
    const { whole } = await talk(listener, get('/1') + get('/2', 'Connection: close\r\n') + get('/3'));
    expect(statusesIn(await whole)).toEqual([200, 200]);
  });

  test('are answered up to the most that a connection may ask', async () => {
    const listener = await openListener({ requestsPerConnection: 3 });
    const { whole } = await talk(listener, get('/1').repeat(5));
    expect(statusesIn(await whole)).toEqual([200, 200, 200]);
    expect((await whole).match(/Connection: close/g)).toHaveLength(1);
    expect((await whole).match(/Connection: keep-alive/g)).toHaveLength(2);
  });
});
