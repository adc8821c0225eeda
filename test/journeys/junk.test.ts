import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, noUpdate, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { lehmer } from './lehmer.ts';
import { makeFile, makeFolder, type Server, serve, sluice } from './sluice-process.ts';
import { residentMb } from './workers-of.ts';

let server: Server;
beforeAll(async () => {
  const data = makeFolder();
  const world = { releases: [releaseRow('MyApp', '2.0.3')], rules: [ruleRow(1, 'MyApp-2.0.3')], config };
  await sluice('import', 'balrog', makeFile('bundle.json', world), '--data', data);
  server = await serve(data);
});

const path = updatePath({ version: '1.0.5' });

async function expectRightAnswer(): Promise<void> {
  expect(offerIn(await server.ask(path))).toBe('2.0.3 minor');
}

afterAll(async () => {
  await expectRightAnswer();
  const { code, stderr } = await server.stop();
  expect(code).toBe(0);
  // Nothing but that it began to serve and that it stops.
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: number; msg: string });
  expect(lines.filter(({ level, msg }) => level > 30 && msg !== 'clients were sent away')).toEqual([]);
});

interface ExchangeOptions {
  /** How long the connection stays open to what the server says, unless the server closes it. */
  readonly waitMs: number;
}

/** Sends bytes on a connection of their own, and answers all that came back. */
function exchange(bytes: string | Buffer, { waitMs }: ExchangeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    const close = setTimeout(() => socket.end(), waitMs);
    const late = setTimeout(
      () => reject(new Error(`the connection was not closed after ${JSON.stringify(bytes)}`)),
      10_000,
    );
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
    // A server may close before it has read everything.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(close);
      clearTimeout(late);
      resolve(text);
    });
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
}

function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

const host = 'Host: sluice\r\n';

function get(url: string, headers = ''): string {
  return `GET ${url} HTTP/1.1\r\n${host}${headers}\r\n`;
}

describe('over a bare connection', () => {
  test.each<[what: string, bytes: string, statuses: readonly number[]]>([
    ['a right request', get(path), [200]],
    ['HTTP/1.0', `GET ${path} HTTP/1.0\r\n\r\n`, [200]],
    ['HEAD', `HEAD ${path} HTTP/1.1\r\n${host}\r\n`, [200]],
    ['POST', `POST ${path} HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`, [405]],
    ['telemetry without a key', `POST /telemetry/v1/events HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`, [403]],
    ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, [405]],
    ['CONNECT', `CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`, [405]],
    ['PROPFIND', `PROPFIND ${path} HTTP/1.1\r\n${host}\r\n`, [405]],
    ['a method that there is not', `BREW ${path} HTTP/1.1\r\n${host}\r\n`, [400]],
    ['no method', `${path} HTTP/1.1\r\n${host}\r\n`, [400]],
    ['HTTP/0.9', `GET ${path}\r\n`, [400]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['HTTP/3.0', `GET ${path} HTTP/3.0\r\n${host}\r\n`, [400]],
    ['the beginning of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['no host', `GET ${path} HTTP/1.1\r\n\r\n`, [400]],
    ['half a request line', `GET ${path} HTT`, [400]],
    ['half a header', `GET ${path} HTTP/1.1\r\nHos`, [400]],
    ['nothing', '', []],
    ['empty lines', '\r\n\r\n\r\n', []],
    ['a bare NUL', get('/update/3/My\0App'), [400]],
    ['control characters in the path', get('/update/3/My\x01\x7fApp'), [400]],
    ['control characters in a header', get(path, 'X-Odd: a\x01b\r\n'), [400]],
    ['bytes above ASCII in the path', get(path.replace('MyApp', 'M\xff\xfe\x80')), [400]],
    ['a URL above 8192 characters', get(`/${'a'.repeat(8192)}`), [414]],
    ['a URL above all headers', get(`/${'a'.repeat(90_000)}`), [431]],
    ['a huge header', get(path, `X-Long: ${'a'.repeat(20_000)}\r\n`), [431]],
    ['many headers', get(path, 'A: b\r\n'.repeat(1500)), [200]],
    ['a whole address', get(`http://example.org${path}`), [200]],
    ['a whole address without a path', get('http://example.org'), [404]],
    ['a relative path', get('update/3'), [400]],
    ['two slashes', get(`/${path}`), [404]],
    ['a body on GET', `${get(path, 'Content-Length: 5\r\n')}hello`, [200]],
    ['two lengths', `${get(path, 'Content-Length: 5\r\nContent-Length: 6\r\n')}hello!`, [400]],
    ['a length and chunks', `${get(path, 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n`, [400]],
    ['a broken chunk', `${get(path, 'Transfer-Encoding: chunked\r\n')}ZZ\r\n\r\n`, [200, 400]],
    ['an upgrade', get(path, 'Connection: upgrade\r\nUpgrade: websocket\r\n'), [200]],
    ['a wondrous expectation', get(path, 'Expect: miracles\r\n'), [417]],
    ['three requests in one go', get(path).repeat(3), [200, 200, 200]],
    [
      'requests to and fro',
      get('/nowhere') + get(path) + get(`/${'a'.repeat(9000)}`) + get(path),
      [404, 200, 414, 200],
    ],
  ])('%s is answered small and clearly', async (_, bytes, statuses) => {
    const answer = await exchange(bytes, { waitMs: 100 });
    expect(statusesIn(answer)).toEqual(statuses);
    expect(answer.length).toBeLessThan(1200 * Math.max(1, statuses.length));
    await expectRightAnswer();
  });

  test('a client that is sent away and does not go is cut off', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    const closed = new Promise((resolve) => socket.on('error', () => socket.destroy()).on('close', resolve));
    socket.resume().write('junk\r\n\r\n');
    const writing = setInterval(() => socket.write('more junk'), 100);
    const outcome = await Promise.race([closed.then(() => 'cut'), pause(5000).then(() => 'held')]);
    clearInterval(writing);
    socket.destroy();
    expect(outcome).toBe('cut');
  });
});

const of = (product: string) => path.replace('MyApp', product);

describe('as a URL', () => {
  test.each<[what: string, url: string, status: number, body: string]>([
    ['the root', '/', 404, 'Not Found'],
    ['another path', '/robots.txt', 404, 'Not Found'],
    ['a path that begins like an update', '/updates', 200, noUpdate],
    ['an update that breaks off', '/update/3/MyApp/1.0.5', 200, noUpdate],
    ['an unknown version of the protocol', path.replace('/3/', '/9/'), 200, noUpdate],
    ['an empty segment', of(''), 200, noUpdate],
    ['dots', '/update/../../../etc/passwd', 200, noUpdate],
    ['an encoded NUL', of('My%00App'), 200, noUpdate],
    ['bad percent-encoding', of('My%App%ZZ%'), 200, noUpdate],
    ['encoded bytes that are no UTF-8', of('%C3%28%FF'), 200, noUpdate],
    ['an encoded slash', of('My%2FApp'), 200, noUpdate],
    ['a fragment', `${path}#part`, 200, noUpdate],
    ['a name of the prototype', of('__proto__'), 200, noUpdate],
    ['another one', of('constructor'), 200, noUpdate],
    ['markup', of('%3Cscript%3E%26'), 200, noUpdate],
    ['JSON that nobody has', '/json/1/MyApp/1.0.5/Linux/release/update.json', 404, ''],
    ['an empty pin', `${path}?pin=`, 400, 'The query parameter pin must not be empty.'],
    ['a pin that is none', `${path}?pin=%3Cb%3E`, 400, "Version Pin String '&lt;b&gt;' is invalid."],
    ['a version that is none', path.replace('1.0.5', 'one'), 400, "Version 'one' is invalid."],
  ])('%s gets a small clear answer', async (_, url, status, body) => {
    expect(await server.ask(url)).toMatchObject({ status, body });
    await expectRightAnswer();
  });

  test.each([
    '?',
    '?&&&=&=',
    '?force',
    '?force=1&force=2',
    '?%ZZ=%',
    '?__proto__=1&constructor=2',
    `?${'a=b&'.repeat(1500)}`,
  ])('the query %s changes nothing', async (query) => {
    expect(offerIn(await server.ask(path + query))).toBe('2.0.3 minor');
  });
});

describe('in any order', () => {
  const isSoak = process.env['SLUICE_SOAK'] === '1';
  const forMs = isSoak ? 300_000 : 4000;

  test(`whatever is sent for ${forMs / 1000} s, no answer is a bug and correct clients get theirs`, async () => {
    const random = lehmer(20_261_121);
    const until = performance.now() + forMs;
    const tally = new Map<number, number>();
    let sent = 0;
    let correct = 0;
    const junk = async (): Promise<void> => {
      while (performance.now() < until) {
        const bytes = madeUp(random);
        const answer = await exchange(bytes, { waitMs: 0 });
        sent += 1;
        for (const status of statusesIn(answer)) {
          if (status >= 500) throw new Error(`${status} to ${JSON.stringify(bytes)}`);
          tally.set(status, (tally.get(status) ?? 0) + 1);
        }
        if (answer.length > 20_000) throw new Error(`${answer.length} characters to ${JSON.stringify(bytes)}`);
      }
    };
    const client = async (): Promise<void> => {
      for (; performance.now() < until; correct += 1) {
        await expectRightAnswer();
        await pause(5);
      }
    };
    const memory: number[] = [];
    const watch = async (): Promise<void> => {
      for (; performance.now() < until; await pause(forMs / 60)) memory.push(residentMb(server.pid));
    };
    await Promise.all([junk(), junk(), junk(), junk(), client(), watch()]);
    const statuses = [...tally].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    console.info(`${sent} pieces of junk (${statuses.join(', ')}), ${correct} right answers in between`);
    expect(sent).toBeGreaterThan(100);
    expect(correct).toBeGreaterThan(10);
    // What is kept ready fills up first.
    const [middle, last] = [median(memory.slice(20, 40)), median(memory.slice(40))];
    console.info(`memory: ${middle.toFixed(0)} MiB in the middle third, ${last.toFixed(0)} MiB in the last`);
    if (isSoak) expect(Math.abs(last / middle - 1)).toBeLessThan(0.1);
  }, 360_000);
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const pieces = [
  ...['MyApp', '1.0.5', '2.0', '20260101000000', 'Linux_x86_64-gcc3', 'en-US', 'release', 'update.xml', 'default'],
  ...[
    '%00',
    '%',
    '%2F',
    '%C3%28',
    '%F0%9F%92%A9',
    '..',
    '.',
    '',
    '*',
    '__proto__',
    'toString',
    'null',
    '<',
    '"',
    '&amp;',
  ],
  ...['ISET:,MEM:x,JAWS', 'SSE3,x', '999999999999999999999999', '1.0.0.0.0.0.0.0', '1.*', 'a'.repeat(300), '-1', '+'],
];
const heads = [
  '/update/',
  '/update/1/',
  '/update/2/',
  '/update/3/',
  '/update/4/',
  '/update/6/',
  '/json/1/',
  '/json/2/',
  '/',
  '',
];
const ends = ['', '/update.xml', '/update.json'];
const queries = [
  '',
  '?force=1',
  '?force=-1',
  '?pin=1.',
  '?pin=',
  '?mig64=1&avast=1',
  '?force=1?avast=1',
  '?&=',
  '?%',
  '?a=%00',
];
const oddMethods = ['HEAD', 'POST', 'DELETE', 'CONNECT', 'OPTIONS', 'NONSENSE', 'get', ''];
const headers = [
  'Content-Length: 4\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Expect: a\r\n',
  'X: \x00\r\n',
  ': no name\r\n',
];

/** One or some requests, more or less well made. */
function madeUp(random: () => number): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const rarely = (text: () => string, otherwise: string) => (random() < 0.1 ? text() : otherwise);
  const requests = Array.from({ length: random() < 0.8 ? 1 : 3 }, () => {
    const segments = Array.from({ length: 4 + Math.floor(random() * 8) }, () => pick(pieces));
    const url = pick(heads) + segments.join('/') + pick(ends) + pick(queries);
    const method = rarely(() => pick(oddMethods), 'GET');
    return `${method} ${rarely(() => path, url)} HTTP/1.1\r\n${host}${rarely(() => pick(headers), '')}\r\n`;
  });
  const bytes = Buffer.from(requests.join(''), 'latin1');
  for (let flips = random() < 0.8 ? 0 : 1 + Math.floor(random() * 5); flips > 0; flips -= 1) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return random() < 0.9 ? bytes : bytes.subarray(0, Math.floor(random() * bytes.length));
}
