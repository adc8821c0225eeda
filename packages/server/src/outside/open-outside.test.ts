import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateFolder, makeCertificate } from '../http/certificate.fixture.ts';
import { NotKnown } from '../not-known.ts';
import { outsideSettings } from '../outside-settings.ts';
import { Problem } from '../problem.ts';
import { type HostileServer, startHostileServer } from './hostile-server.fixture.ts';
import type { LookUp } from './look-up.ts';
import { openOutside } from './open-outside.ts';

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

const open = (settings: object, lookUp?: LookUp) =>
  openOutside({ outside: outsideSettings.parse(settings), secrets: {} }, lookUp);

const ask = (url: string, settings: object = { allow: ['127.0.0.0/8'] }, timeoutMs = 5000, lookUp?: LookUp) =>
  open(settings, lookUp).ask({ method: 'GET', url, timeoutMs });

const whyNot = async (...args: Parameters<typeof ask>): Promise<string> => {
  const error: unknown = await ask(...args).then(
    ({ status }) => new Error(`answered ${status}`),
    (reason: unknown) => reason,
  );
  if (error instanceof NotKnown) return error.message;
  throw error;
};

describe('who is asked', () => {
  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::]/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://100.100.100.200/',
  ])('%s is not, unless it is allowed', async (url) => {
    expect(await whyNot(url, { http: true })).toContain('is not of the public internet');
  });

  test('what is allowed is, by address, by network and by name', async () => {
    const { origin, port } = server;
    for (const allowed of ['127.0.0.1', `127.0.0.1:${port}`, '127.0.0.0/8'])
      expect(await ask(`${origin}/good`, { allow: [allowed] })).toMatchObject({ status: 200, body: '{"value": 7}' });
    const here: LookUp = async () => [{ address: '127.0.0.1', family: 4 }];
    const named = (allowed: string) => ask(`http://metrics.internal:${port}/good`, { allow: [allowed] }, 5000, here);
    expect((await named('metrics.internal')).status).toBe(200);
    expect((await named('127.0.0.0/8')).status).toBe(200);
    await expect(named(`metrics.internal:${port + 1}`)).rejects.toThrow('is not of the public internet');
    await expect(named('other.internal')).rejects.toThrow('is not of the public internet');
    const odd = ask(`http://a~b.example.org:${port}/good`, { allow: ['127.0.0.1:80'] }, 5000, here);
    await expect(odd).rejects.toThrow('is not of the public internet');
  });

  test('a name that leads to a public address and to one of this machine is not', async () => {
    const both: LookUp = async () => [
      { address: '198.41.0.4', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await whyNot(`https://two.example.org/`, {}, 5000, both)).toContain('is not of the public internet');
  });

  test('the address that was looked at is, though the name leads elsewhere a moment later', async () => {
    let asked = 0;
    const turning: LookUp = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const url = `http://turning.example.org:${server.port}/good`;
    expect((await ask(url, { allow: ['127.0.0.1'] }, 5000, turning)).status).toBe(200);
    expect(asked).toBe(1);
    expect(await whyNot(url, { allow: ['127.0.0.1'] }, 5000, turning)).toContain('is not of the public internet');
  });

  test('what is public is without TLS only where that is set', async () => {
    const publicly: LookUp = async () => [{ address: '198.41.0.4', family: 4 }];
    expect(await whyNot('http://metrics.example.org/', {}, 200, publicly)).toContain('without TLS');
  });

  test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://user:word@127.0.0.1/', 'nothing'])(
    '%s is not',
    async (url) => {
      expect(await whyNot(url)).toMatch(/only http and https|user or password|the address is none/);
    },
  );

  test('a name that nobody knows is told as that', async () => {
    expect(await whyNot('https://nowhere.invalid/', {}, 20_000)).toMatch(
      /is not known by that name|cannot be looked up/,
    );
  });

  test('a name server that does not answer takes no longer than is allowed', async () => {
    expect(await whyNot('https://slow.example.org/', {}, 100, () => new Promise(() => {}))).toContain('within 0.1 s');
  });
});

describe('what is asked', () => {
  test('goes out as it is, and wants no compression', async () => {
    const outside = open({ allow: [server.origin.slice(7)] });
    const headers = { authorization: 'Bearer x', 'accept-encoding': 'gzip' };
    await outside.ask({ method: 'POST', url: `${server.origin}/good?a=1`, headers, body: 'ä', timeoutMs: 5000 });
    const { path, headers: came } = server.asked.at(-1) ?? expect.fail();
    expect(path).toBe('/good?a=1');
    expect(came).toMatchObject({ authorization: 'Bearer x', 'accept-encoding': 'identity', 'content-length': '2' });
  });
});

describe('what is answered', () => {
  test.each([
    ['/huge', 'its answer is longer than 1 MiB'],
    ['/gzip-bomb', 'its answer is compressed'],
    ['/shorter-than-said', 'its answer broke off'],
    ['/truncated-chunks', 'its answer broke off'],
    ['/stall-after-head', 'its answer did not come to an end in time'],
    ['/drip', 'its answer did not come to an end in time'],
  ])('%s has a status and no body', async (path, trouble) => {
    expect(await ask(`${server.origin}${path}`, undefined, 700)).toMatchObject({ status: 200, body: '', trouble });
  });

  test.each([
    ['/stall', 'did not answer within 0.5 s'],
    ['/drip-head', 'did not answer within 0.5 s'],
    ['/switches', 'switches to another protocol'],
    ['/no-http', 'does not speak HTTP'],
    ['/hangs-up', 'closed the connection'],
    ['/long-head', 'does not speak HTTP'],
    ['/two-lengths', 'does not speak HTTP'],
  ])('%s is no answer', async (path, why) => {
    expect(await whyNot(`${server.origin}${path}`, undefined, 500)).toMatch(new RegExp(why));
  });

  test('a redirect is an answer, and nobody follows it', async () => {
    const before = server.asked.length;
    for (const path of ['/to-metadata', '/to-itself'])
      expect((await ask(`${server.origin}${path}`)).status).toBeGreaterThan(300);
    expect(server.asked.length).toBe(before + 2);
  });

  test('what stands behind the end of an answer is not of it', async () => {
    expect((await ask(`${server.origin}/longer-than-said`)).body).toBe('{"value": 7}');
  });

  test('nobody listens, and that is told', async () => {
    const gone = await startHostileServer();
    await gone.close();
    expect(await whyNot(`${gone.origin}/`)).toContain('refuses connections');
  });
});

describe('TLS', () => {
  test('must show a certificate of the name that is asked, by somebody who is trusted', async () => {
    const { cert, key, certFile } = await makeCertificate();
    const secure = createServer({ cert, key }, (_request, reply) => reply.end('secret'));
    const port = await new Promise<number>((resolve) => {
      secure.listen(0, '127.0.0.1', () => resolve((secure.address() as { port: number }).port));
    });
    const here: LookUp = async () => [{ address: '127.0.0.1', family: 4 }];
    const allow = ['127.0.0.1'];
    const get = (name: string, settings: object) => ask(`https://${name}:${port}/`, settings, 5000, here);
    expect((await get('localhost', { allow, caFile: certFile })).body).toBe('secret');
    expect((await get('127.0.0.1', { allow, caFile: certFile })).body).toBe('secret');
    await expect(get('other.example.org', { allow, caFile: certFile })).rejects.toThrow('for another name');
    await expect(get('localhost', { allow })).rejects.toThrow('self-signed certificate');
    secure.close();
  });

  test('a file of certificates that cannot be read or holds none is told at the start', () => {
    const empty = join(certificateFolder(), 'ca.pem');
    writeFileSync(empty, 'nothing');
    for (const caFile of [empty, `${empty}.gone`]) expect(() => open({ caFile })).toThrow(Problem);
  });
});
