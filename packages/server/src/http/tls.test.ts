import { createPrivateKey } from 'node:crypto';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificateFolder, type MadeCertificate, makeCertificate } from './certificate.fixture.ts';
import type { TlsSettings } from './certificate.ts';
import { type CertificateNews, followCertificate } from './follow-certificate.ts';
import { ask, get, openListener, talk, told, until } from './listener.fixture.ts';
import type { ListenerOptions, OpenListener } from './public-listener.ts';

let first: MadeCertificate;
let second: MadeCertificate;
beforeAll(async () => {
  [first, second] = await Promise.all([makeCertificate('first'), makeCertificate('second', 30)]);
});

function settings({ certFile, keyFile }: Pick<TlsSettings, 'certFile' | 'keyFile'>): TlsSettings {
  return { certFile, keyFile, minVersion: 'TLSv1.2' };
}

function openSecure(options: Partial<ListenerOptions> = {}): Promise<OpenListener> {
  return openListener({ headersTimeoutMs: 400 }, { tls: settings(first), ...options });
}

/** Both files in one place, where they can be replaced. */
function copyOf({ cert, key }: MadeCertificate): TlsSettings {
  const folder = certificateFolder();
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return settings({ certFile, keyFile });
}

const daysMs = (days: number): number => days * 24 * 60 * 60 * 1000;

/** The name in the certificate that a new connection is shown. */
function shown({ port }: OpenListener): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN?.toString());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('inside TLS', () => {
  test('a right client is answered, and told to come inside TLS again', async () => {
    const listener = await openSecure();
    const { status, headers, body } = await ask(listener, '/hello', { ca: first.cert });
    expect([status, body]).toEqual([200, 'hello']);
    expect(headers['strict-transport-security']).toBe('max-age=31536000;');
    await until(() => listener.connections() === 0);
    expect(told.refused).toEqual([]);
  });

  test.each<[TlsSettings['minVersion'], number]>([
    ['TLSv1.2', 200],
    ['TLSv1.3', 0],
  ])('with %s as the oldest version, a client that knows 1.2 gets %d', async (minVersion, status) => {
    const listener = await openSecure({ tls: { ...settings(first), minVersion } });
    const asking = ask(listener, '/hello', { ca: first.cert, maxVersion: 'TLSv1.2' });
    expect(await asking.then((answer) => answer.status).catch(() => 0)).toBe(status);
    expect(told.refused).toEqual(status === 0 ? ['tls'] : []);
    expect(await ask(listener, '/hello', { ca: first.cert })).toMatchObject({ status: 200 });
  });

  test.each([
    ['plain HTTP', get('/hello')],
    ['zeros', '\0'.repeat(1000)],
    ['half a record', '\x16\x03\x01\x02\x00'],
    ['a record of nothing', '\x16\x03\x01\x00\x00'],
    ['junk in a record', `\x16\x03\x01\x00\x20${'\xff'.repeat(32)}`],
    ['nothing', ''],
  ])('%s is no handshake, and is cut off', async (_, sent) => {
    const listener = await openSecure();
    const { whole } = await talk(listener, sent);
    expect(await whole).not.toContain('HTTP/1.1 200');
    await until(() => told.refused.length === 1);
    expect(told.refused).toEqual(['tls']);
    expect(told.asked).toEqual([]);
    expect(await ask(listener, '/hello', { ca: first.cert })).toMatchObject({ status: 200 });
  });

  test('draining waits neither for handshakes that never end, nor for clients that say nothing after theirs', async () => {
    const listener = await openListener({}, { tls: settings(first) });
    await talk(listener, '\x16\x03\x01\x02\x00');
    const silent = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false });
    await new Promise((resolve) => silent.once('secureConnect', resolve));
    const agent = new Agent({ keepAlive: true });
    expect(await ask(listener, '/hello', { ca: first.cert, agent })).toMatchObject({ status: 200 });
    expect(listener.connections()).toBe(3);
    const before = performance.now();
    await listener.close(60_000);
    expect(performance.now() - before).toBeLessThan(8000);
    silent.destroy();
    agent.destroy();
  });

  test('a request that is under way when it drains is answered', async () => {
    const listener = await openListener({}, { tls: settings(first) });
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca: first.cert, servername: 'localhost' });
    let came = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      came += data;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.write('GET /1 HTTP/1.1\r\nHost: x\r\nX: ');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = listener.close(60_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    socket.write('a\r\n\r\n');
    await Promise.all([closed, closing]);
    expect(came).toMatch(/\r\nConnection: close\r\n(?:.+\r\n)*\r\n\/1$/);
  });

  test('a client that does not read its answers is cut off', async () => {
    const limits = { answerTimeoutMs: 400, requestTimeoutMs: 60_000, keepAliveMs: 60_000 };
    const listener = await openListener(limits, { tls: settings(first) });
    const greedy = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false });
    greedy.on('error', () => {});
    await new Promise((resolve) => greedy.once('secureConnect', resolve));
    greedy.pause();
    for (let round = 0; round < 20; round += 1) greedy.write(get('/long').repeat(10));
    await until(() => listener.connections() === 0);
    greedy.destroy();
    expect(told.refused).toEqual(['slow']);
  });

  test('one address may have no more connections than anywhere else', async () => {
    const listener = await openListener({ connectionsPerAddress: 1, connections: 2 }, { tls: settings(first) });
    await talk(listener, '');
    const { whole } = await talk(listener, '');
    expect(await whole).toBe('');
    expect(told.refused).toEqual(['connections-per-address']);
  });
});

describe('a certificate that cannot be used', () => {
  const file = (text: string): string => {
    const path = join(certificateFolder(), 'file.pem');
    writeFileSync(path, text);
    return path;
  };
  test.each<[string, () => Partial<TlsSettings>, RegExp]>([
    ['is not there', () => ({ certFile: '/nowhere/cert.pem' }), /^tls\.certFile: \/nowhere\/cert\.pem: ENOENT/],
    ['has no key', () => ({ keyFile: '/nowhere/key.pem' }), /^tls\.keyFile: \/nowhere\/key\.pem: ENOENT/],
    ['is none', () => ({ certFile: file('junk') }), /^tls\.certFile: .*: holds no certificate in PEM$/],
    ['has no key in its key file', () => ({ keyFile: file(first.cert) }), /^tls\.keyFile: .*: holds no private key/],
    ['has the key of another', () => ({ keyFile: second.keyFile }), /^tls\.keyFile: .* is not the key of the cert/],
    [
      'is followed by junk',
      () => ({ certFile: file(`${first.cert}\n-----BEGIN CERTIFICATE-----\njunk\n-----END CERTIFICATE-----\n`) }),
      /^tls\.certFile: /,
    ],
  ])('because it %s keeps the listener from opening', async (_, wrong, detail) => {
    const opening = openListener({}, { tls: { ...settings(first), ...wrong() } });
    await expect(opening).rejects.toMatchObject({ code: 'invalid-config', detail: expect.stringMatching(detail) });
  });

  test('because its key has a password keeps the listener from opening', async () => {
    const keyFile = join(certificateFolder(), 'locked.pem');
    const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
    writeFileSync(keyFile, createPrivateKey(first.key).export(locked));
    const opening = openListener({}, { tls: { ...settings(first), keyFile } });
    await expect(opening).rejects.toMatchObject({
      detail: `tls.keyFile: ${keyFile}: holds no private key without a password`,
    });
  });
});

describe('a new certificate', () => {
  test('is shown from the next handshake on, under load, and no request fails', async () => {
    const tls = copyOf(first);
    const news: CertificateNews[] = [];
    const listener = await openListener({}, { tls, onCertificate: (one) => void news.push(one) });
    const ca = `${first.cert}\n${second.cert}`;
    let stopped = false;
    let answered = 0;
    const client = async (agent: Agent | undefined): Promise<void> => {
      while (!stopped) {
        const { status } = await ask(listener, '/hello', { ca, ...(agent && { agent }) });
        if (status !== 200) throw new Error(`${status}`);
        answered += 1;
      }
      agent?.destroy();
    };
    const kept = Array.from({ length: 10 }, () => client(new Agent({ keepAlive: true, maxSockets: 1 })));
    const clients = Promise.all([...kept, client(undefined), client(undefined), client(undefined)]);
    for (const next of [second, first, second]) {
      const before = answered;
      await until(() => answered > before + 50);
      writeFileSync(tls.certFile, next.cert);
      writeFileSync(tls.keyFile, next.key);
      listener.reloadCertificate();
      expect(await shown(listener)).toBe(next === first ? 'first' : 'second');
    }
    const before = answered;
    await until(() => answered > before + 50);
    stopped = true;
    await clients;
    expect(news).toMatchObject([{ kind: 'taken' }, { kind: 'taken' }, { kind: 'taken' }]);
    const [taken] = news;
    if (taken?.kind === 'taken') expect(Math.abs(taken.expiresAtMs - Date.now() - daysMs(30))).toBeLessThan(600_000);
    expect(told.refused).toEqual([]);
  });

  test('that is broken is told of, and the one before is kept', async () => {
    const tls = copyOf(first);
    const news: CertificateNews[] = [];
    const listener = await openListener({}, { tls, onCertificate: (one) => void news.push(one) });
    for (const wrong of [second.cert, 'junk', '']) {
      writeFileSync(tls.certFile, wrong);
      listener.reloadCertificate();
      expect(await shown(listener)).toBe('first');
    }
    rmSync(tls.certFile);
    listener.reloadCertificate();
    expect(await ask(listener, '/hello', { ca: first.cert })).toMatchObject({ status: 200 });
    expect(news.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('says until when it is valid, from the first one on', async () => {
    const tls = copyOf(first);
    const listener = await openListener({}, { tls });
    const daysLeft = (): number => Math.round(((listener.certificateExpiresAtMs() ?? 0) - Date.now()) / daysMs(1));
    expect(daysLeft()).toBe(2);
    writeFileSync(tls.certFile, second.cert);
    listener.reloadCertificate();
    expect(daysLeft()).toBe(2);
    writeFileSync(tls.keyFile, second.key);
    listener.reloadCertificate();
    expect(daysLeft()).toBe(30);
  });

  test('is no matter where there is no TLS', async () => {
    const listener = await openListener();
    listener.reloadCertificate();
    expect(listener.certificateExpiresAtMs()).toBeUndefined();
    expect(await ask(listener, '/hello')).toMatchObject({ status: 200 });
  });
});

describe('followed files', () => {
  function follow(tls: TlsSettings) {
    const news: CertificateNews[] = [];
    const keys: string[] = [];
    const following = followCertificate(tls, {
      onContext: ({ key }) => void keys.push(String(key)),
      onNews: (one) => void news.push(one),
      everyMs: 40,
    });
    const kinds = (): readonly string[] => news.map(({ kind }) => kind);
    return { following, keys, kinds };
  }
  const looks = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 40));

  test('are read when they have changed, once both have', async () => {
    const tls = copyOf(first);
    const { following, keys, kinds } = follow(tls);
    expect(String(following.first.key)).toBe(first.key);
    await looks(5);
    expect(kinds()).toEqual([]);
    writeFileSync(tls.certFile, second.cert);
    writeFileSync(tls.keyFile, second.key);
    await until(() => kinds().length === 1);
    expect([kinds(), keys]).toEqual([['taken'], [second.key]]);
    await looks(5);
    expect(kinds()).toHaveLength(1);
    following.stop();
    writeFileSync(tls.certFile, first.cert);
    await looks(10);
    expect(kinds()).toHaveLength(1);
  });

  test('that do not belong together are told of once, and taken when they do', async () => {
    const tls = copyOf(first);
    const { following, keys, kinds } = follow(tls);
    writeFileSync(tls.certFile, second.cert);
    await until(() => kinds().length === 1);
    await looks(10);
    expect(kinds()).toEqual(['refused']);
    writeFileSync(tls.keyFile, second.key);
    await until(() => kinds().length === 2);
    expect([kinds(), keys]).toEqual([['refused', 'taken'], [second.key]]);
    following.stop();
  });

  test('that are links are followed to where they lead, and may be away for a while', async () => {
    const folder = certificateFolder();
    const tls = settings({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') });
    const link = ({ certFile, keyFile }: MadeCertificate): void => {
      for (const [from, to] of [
        [tls.certFile, certFile],
        [tls.keyFile, keyFile],
      ] as const) {
        symlinkSync(to, `${from}.new`);
        renameSync(`${from}.new`, from);
      }
    };
    link(first);
    const { following, keys, kinds } = follow(tls);
    link(second);
    await until(() => kinds().length === 1);
    expect(keys).toEqual([second.key]);
    rmSync(tls.keyFile);
    await until(() => kinds().length === 2);
    rmSync(tls.certFile);
    link(first);
    await until(() => kinds().at(-1) === 'taken' && keys.length === 2);
    expect(keys).toEqual([second.key, first.key]);
    following.stop();
  });
});
