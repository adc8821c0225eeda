import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../http/certificate.fixture.ts';
import type { NotifierBody } from '../kinds/notifier.ts';
import { mailSettings } from '../mail-settings.ts';
import type { Delivery, Message, Sending } from '../notifier.ts';
import { email } from './email.ts';
import { messageOf, noticeOf, nowhere } from './message.fixture.ts';
import { type MailServerOptions, type MailServerProcess, startMailServer } from './smtp-server-process.fixture.ts';

const [ada, bob] = ['ada@example.org', 'bob@example.org'];
const folder = mkdtempSync(join(tmpdir(), 'sluice-mail-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plain = await startMailServer();
const servers = [plain];
afterAll(() => Promise.all(servers.map((server) => server.end())));
afterEach(() => plain.behave({}));

async function start(options: MailServerOptions): Promise<MailServerProcess> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

/** Sends to a server, and answers what came of it and what the server took. */
async function send(
  messages: readonly Message[] = [messageOf()],
  {
    to = [ada],
    server = plain,
    signal = new AbortController().signal,
    ...mail
  }: { to?: string[]; server?: MailServerProcess; signal?: AbortSignal } & Record<string, unknown> = {},
): Promise<{ delivery: Delivery; mails: MailServerProcess['mails'] }> {
  const settings = { host: '127.0.0.1', port: server.port, tls: 'off', from: 'sluice@example.org', timeoutSeconds: 1 };
  const sending: Sending = {
    outside: nowhere,
    mail: mailSettings.parse({ ...settings, ...mail }),
    nowMs: () => Date.parse('2026-12-01T13:00:00Z'),
    signal,
  };
  const before = server.mails.length;
  const body = { transport: 'email', to } as unknown as Extract<NotifierBody, { transport: 'email' }>;
  const delivery = await email.deliver(messages, body, sending);
  await server.settle();
  return { delivery, mails: server.mails.slice(before) };
}

const read = (raw: string) => PostalMime.parse(raw);
const headersOf = async (raw: string) =>
  new Map((await read(raw)).headers.map(({ key, value }) => [key, value] as const));

describe('what an e-mail looks like', () => {
  test('text and HTML say the same, to one recipient, and programs know that nobody wrote it', async () => {
    const message = messageOf();
    const { delivery, mails } = await send([message]);
    expect(delivery).toEqual({ kind: 'delivered', note: 'the mail server took it for 1 of 1' });
    const [{ raw = '', from, to } = {}] = mails;
    expect({ from, to }).toEqual({ from: 'sluice@example.org', to: [ada] });
    const mail = await read(raw);
    expect(mail.subject).toBe(message.subject);
    expect(mail.to).toEqual([{ name: '', address: ada }]);
    for (const text of [message.summary, '25 %', 'https://sluice.example.org/notice/change/12']) {
      expect(mail.text).toContain(text);
      expect(mail.html).toContain(text);
    }
    const headers = await headersOf(raw);
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('list-id')).toBe('<sluice.example.org>');
    expect(headers.get('x-sluice-event')).toBe('scheduled');
    expect(headers.get('x-sluice-change')).toBe('12');
    expect(headers.get('date')).toBe('Tue, 01 Dec 2026 13:00:00 +0000');
    expect(headers.get('content-type')).toMatch(/^multipart\/alternative/);
  });

  test('another attempt has the same Message-ID, and all of a thread answer to the same', async () => {
    const [first, second] = [messageOf(), messageOf({ notice: noticeOf('enacted') })];
    const elsewhere = messageOf({ origin: 'https://stage.example.org' });
    const found = [];
    for (const message of [first, first, second, elsewhere]) {
      const { mails } = await send([message]);
      found.push(await headersOf(mails[0]?.raw ?? ''));
    }
    const ids = found.map((headers) => headers.get('message-id'));
    expect(ids[0]).toBe(`<${first.notice.id}@example.org>`);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    const roots = found.map((headers) => headers.get('references'));
    expect(roots[0]).toMatch(/^<change-12\.[0-9a-f]{32}@example\.org>$/);
    expect(roots[2]).toBe(roots[0]);
    expect(roots[3]).not.toBe(roots[0]);
    expect(found.map((headers) => headers.get('in-reply-to'))).toEqual(roots);
  });

  test('several messages are one e-mail, whose id does not depend on their order', async () => {
    const two = [messageOf({ subject: 'one' }), messageOf({ subject: 'two', notice: noticeOf('forecast') })];
    const { mails } = await send(two);
    const again = await send([...two].reverse());
    const mail = await read(mails[0]?.raw ?? '');
    expect(mail.subject).toBe('one (and 1 more)');
    expect(mail.text).toMatch(/one[\s\S]*two/);
    expect((await headersOf(mails[0]?.raw ?? '')).get('x-sluice-event')).toBe('scheduled, forecast');
    expect((await read(again.mails[0]?.raw ?? '')).messageId).toBe(mail.messageId);
  });

  test('nobody gets the link of somebody else', async () => {
    const url = (path: string) => `https://sluice.example.org/notice/${path}`;
    const links = [
      { label: 'for all', url: url('change/12') },
      { label: 'for ada', url: url('secret-of-ada'), recipient: ada },
    ];
    const { mails } = await send([messageOf({ links })], { to: [ada, bob] });
    const [toAda, toBob] = await Promise.all(mails.map(({ raw }) => read(raw)));
    expect(toAda?.text).toContain('secret-of-ada');
    expect(toAda?.text).not.toContain('change/12');
    expect(`${toBob?.text}${toBob?.html}`).not.toContain('secret-of-ada');
    expect(toBob?.text).toContain('change/12');
  });

  test('what a person wrote breaks neither headers nor HTML', async () => {
    const evil = 'x\r\nBcc: eve@example.org\r\n\r\n<img src=x onerror=alert(1)>"\u202e é';
    const { mails } = await send([
      messageOf({ subject: evil, summary: evil, sections: [{ title: evil, rows: [[evil], [evil]] }] }),
    ]);
    const [{ raw = '', to } = {}] = mails;
    expect(to).toEqual([ada]);
    const mail = await read(raw);
    expect(mail.bcc ?? []).toEqual([]);
    expect((await headersOf(raw)).has('bcc')).toBe(false);
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img');
  });
});

describe('the way to the mail server', () => {
  test('needs STARTTLS unless it is said otherwise, and then the password goes through it', async () => {
    const { cert, key, certFile } = await makeCertificate();
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, 'a secret\n');
    const server = await start({ tls: 'starttls', cert, key, user: 'sluice', pass: 'a secret' });
    const secured = { server, host: 'localhost', tls: 'starttls', caFile: certFile, user: 'sluice', passwordFile };
    const { delivery, mails } = await send([messageOf()], secured);
    expect(delivery.kind).toBe('delivered');
    expect(mails[0]).toMatchObject({ secure: true, user: 'sluice' });
    writeFileSync(passwordFile, 'another');
    expect((await send([messageOf()], secured)).delivery).toMatchObject({
      kind: 'later',
      trouble: expect.stringContaining('535'),
    });
    const { caFile, ...untrusting } = secured;
    expect((await send([messageOf()], untrusting)).delivery).toMatchObject({
      kind: 'later',
      trouble: expect.stringContaining('certificate'),
    });
    expect((await send([messageOf()], { tls: 'starttls' })).delivery).toMatchObject({ kind: 'later' });
    const direct = await start({ tls: 'tls', cert, key });
    const wrapped = await send([messageOf()], { server: direct, host: 'localhost', tls: 'tls', caFile: certFile });
    expect(wrapped.mails[0]?.secure).toBe(true);
  });

  test('a recipient that is refused keeps it from nobody else, and nobody gets it twice', async () => {
    await plain.behave({ refuse: [bob], grey: ['cy@example.org'] });
    const message = messageOf();
    const to = [ada, bob, 'cy@example.org'];
    const first = await send([message], { to });
    expect(first.delivery).toEqual({
      kind: 'later',
      trouble: expect.stringMatching(/bob@example.org: .*550.*cy@example.org: .*451/),
      reached: [{ notice: message.notice.id, recipient: ada }],
    });
    expect(first.mails.map((mail) => mail.to)).toEqual([[ada]]);
    const again = { ...message, notice: { ...message.notice, reached: [ada] } };
    const second = await send([again], { to });
    expect(second.mails.map((mail) => mail.to)).toEqual([['cy@example.org']]);
    expect(second.delivery).toEqual({
      kind: 'delivered',
      note: expect.stringMatching(/^the mail server took it for 2 of 3; bob@example.org: .*550/),
    });
    const over = await send([{ ...message, notice: { ...message.notice, reached: to } }], { to });
    expect(over).toEqual({ delivery: { kind: 'delivered', note: 'everybody had it before' }, mails: [] });
  });

  test.each([
    ['refuses all recipients', { refuse: [ada] }, 'refused', /550 no such user/],
    ['refuses the text', { atData: 554 }, 'refused', /554/],
    ['refuses the text for now', { atData: 451 }, 'later', /451/],
    ['does not want the sender', { atMail: 550 }, 'later', /550/],
    ['goes away', { atMail: 421 }, 'later', /421/],
    ['does not greet', { atGreeting: 'stall' }, 'later', /timeout|greeting/i],
    ['goes silent after the text', { atData: 'stall' }, 'later', /timeout/i],
    ['hangs up after the text', { atData: 'drop' }, 'later', /./],
  ] as const)('a server that %s', async (_, behaviour, kind, trouble) => {
    await plain.behave(behaviour);
    const { delivery, mails } = await send();
    expect(delivery).toEqual({ kind, trouble: expect.stringMatching(trouble) });
    expect(mails).toEqual([]);
  });

  test('after trouble with the server itself nobody else is tried', async () => {
    await plain.behave({ atData: 'drop' });
    const before = plain.connections;
    const { delivery } = await send([messageOf()], { to: [ada, bob, 'cy@example.org'] });
    expect(delivery.kind).toBe('later');
    expect(plain.connections - before).toBe(1);
  });

  test('nobody listens, no name, no settings: later', async () => {
    expect((await send([messageOf()], { port: 1 })).delivery.kind).toBe('later');
    expect((await send([messageOf()], { host: 'nowhere.invalid' })).delivery.kind).toBe('later');
    const sending: Sending = { outside: nowhere, nowMs: Date.now, signal: new AbortController().signal };
    expect(await email.deliver([messageOf()], { to: [ada] } as never, sending)).toMatchObject({ kind: 'later' });
  });

  test('a server that says a byte every now and then is left when this one stops', async () => {
    const stopping = new AbortController();
    const running = send([messageOf()], { port: plain.dripping, timeoutSeconds: 60, signal: stopping.signal });
    setTimeout(() => stopping.abort(), 300);
    expect((await running).delivery).toEqual({ kind: 'later', trouble: 'the server was stopped' });
  });
});

test.each([
  [{ from: 'a@example.org\r\nBcc: b@example.org' }, 'from'],
  [{ user: 'u' }, 'passwordFile'],
  [{ user: 'u', passwordFile: 'f', tls: 'off', host: 'mail.example.org' }, 'tls'],
  [{ listId: 'a b' }, 'listId'],
])('mail settings with %j are refused', (wrong, at) => {
  const { error } = mailSettings.safeParse({ host: 'localhost', from: 'a@example.org', ...wrong });
  expect(error?.issues.map(({ path }) => path.join('.'))).toContain(at);
});
