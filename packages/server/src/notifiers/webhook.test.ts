import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../http/certificate.fixture.ts';
import type { NotifierBody } from '../kinds/notifier.ts';
import type { Message, Sending } from '../notifier.ts';
import { openOutside } from '../outside/open-outside.ts';
import { outsideSettings } from '../outside-settings.ts';
import { messageOf, noticeOf } from './message.fixture.ts';
import { openReceiver, type Receiver } from './receiver.fixture.ts';
import { webhook } from './webhook.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-webhook-'));
const file = join(folder, 'key');
const keyOf = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`;
const [key, newKey] = [keyOf(), keyOf(64)];
const receiver = await openReceiver();
afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = { status: 204 };
  writeFileSync(file, `${key}\n`);
});

function sendingTo(
  { host }: Receiver,
  rest: { allow?: string[]; caFile?: string; signal?: AbortSignal } = {},
): Sending {
  const { signal = new AbortController().signal, allow = ['localhost'], ...settings } = rest;
  const outside = outsideSettings.parse({ allow, ...settings });
  const secrets = { team: { file, hosts: [host] } };
  return { outside: openOutside({ outside, secrets }), nowMs: Date.now, signal };
}

const deliver = (
  messages: readonly Message[] = [messageOf()],
  sending = sendingTo(receiver),
  url = `${receiver.url}/hook`,
) => {
  const body = { transport: 'webhook', url, secret: 'team' } as Extract<NotifierBody, { transport: 'webhook' }>;
  return webhook.deliver(messages, body, sending);
};

test('nothing is left behind with the signal that a server stops by, which lasts as long as it', async () => {
  const { signal } = new AbortController();
  await deliver([messageOf(), messageOf()], sendingTo(receiver, { signal }));
  expect([receiver.received.length, getEventListeners(signal, 'abort').length]).toEqual([2, 0]);
});

describe('what is posted', () => {
  test('is a CloudEvent with a signature that another implementation verifies', async () => {
    const message = messageOf({ summary: 'é “quoted” \u2028 <b>' });
    expect(await deliver([message])).toEqual({ kind: 'delivered', note: `${receiver.host} answered 204` });
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = receiver.received;
    expect(path).toBe('/hook');
    const verified = new Webhook(key).verify(body, headers as Record<string, string>);
    expect(verified).toEqual({
      specversion: '1.0',
      id: message.notice.id,
      source: 'https://sluice.example.org',
      type: 'dev.sluice.change.scheduled',
      subject: 'change/12',
      time: '2025-12-01T10:00:00.000Z',
      datacontenttype: 'application/json',
      data: { title: message.subject, summary: message.summary, event: 'scheduled', change: { id: 12 } },
    });
    expect(headers['webhook-id']).toBe(message.notice.id);
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(() => new Webhook(keyOf()).verify(body, headers as Record<string, string>)).toThrow('signature');
    expect(() => new Webhook(key).verify(`${body} `, headers as Record<string, string>)).toThrow('signature');
  });

  test('is signed with each of several keys, while one takes the place of the other', async () => {
    writeFileSync(file, `${key}\n${newKey}\n`);
    await deliver();
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    for (const one of [key, newKey])
      expect(new Webhook(one).verify(body, headers as Record<string, string>)).toHaveProperty('id');
  });

  test('has a type without other characters, also for a self-test, which is about no change', async () => {
    const { change: _, ...notice } = noticeOf('self-test');
    await deliver([messageOf({ notice, data: {} })]);
    const event = JSON.parse(receiver.received[0]?.body ?? '');
    expect(event).toMatchObject({ type: 'dev.sluice.notifier.self_test' });
    expect(event).not.toHaveProperty('subject');
  });

  test('stays below 20 kB, whatever there is to tell', async () => {
    const objects = Array.from({ length: 3000 }, (_, index) => ({ kind: 'rule', name: `${index}` }));
    for (const data of [{ objects, why: 'x' }, { why: 'x'.repeat(50_000) }]) {
      await deliver([messageOf({ data })]);
      const { body = '' } = receiver.received.at(-1) ?? {};
      expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      expect(JSON.parse(body).data).toMatchObject({ truncated: true, title: expect.stringContaining('rule 10') });
    }
    expect(JSON.parse(receiver.received[0]?.body ?? '').data.objects.length).toBeGreaterThan(100);
  });

  test('several are one event each, and after trouble only the rest is posted again', async () => {
    const [one, two] = [messageOf(), messageOf({ notice: noticeOf('enacted') })];
    expect((await deliver([one, two])).kind).toBe('delivered');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([one.notice.id, two.notice.id]);
    const had = { ...one, notice: { ...one.notice, reached: [`${receiver.url}/hook`] } };
    receiver.answer = { status: 500 };
    expect(await deliver([had, two])).toMatchObject({ kind: 'later' });
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(two.notice.id);
    expect(receiver.received).toHaveLength(3);
  });
});

describe('what an answer means', () => {
  const date = new Date(Date.now() + 120_000).toUTCString();
  test.each([
    [200, {}, { kind: 'delivered' }],
    [302, { location: 'http://169.254.169.254/' }, { kind: 'later', trouble: expect.stringContaining('302') }],
    [400, {}, { kind: 'later' }],
    [410, {}, { kind: 'refused', disable: true }],
    [429, { 'retry-after': '120' }, { kind: 'later', inSeconds: 120 }],
    [503, { 'retry-after': date }, { kind: 'later', inSeconds: 120 }],
    [503, { 'retry-after': '99999999' }, { kind: 'later', inSeconds: 86_400 }],
    [503, { 'retry-after': 'soon' }, { kind: 'later', inSeconds: undefined }],
    [503, { 'retry-after': '-5' }, { kind: 'later', inSeconds: undefined }],
  ])('%i with %j', async (status, headers, wanted) => {
    receiver.answer = { status, headers };
    const delivery = await deliver();
    const { inSeconds, ...rest } = { inSeconds: undefined, ...wanted };
    expect(delivery).toMatchObject(rest);
    if (delivery.kind !== 'later') return;
    const left = delivery.retryAtMs === undefined ? undefined : Math.round((delivery.retryAtMs - Date.now()) / 1000);
    if (inSeconds === undefined) expect(left).toBeUndefined();
    else expect(Math.abs((left ?? 0) - inSeconds)).toBeLessThan(10);
    expect(receiver.received).toHaveLength(1);
  });

  test('a receiver that never answers is left when the server stops', async () => {
    receiver.answer = undefined;
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 100);
    const delivery = await deliver([messageOf()], sendingTo(receiver, { signal: stopping.signal }));
    expect(delivery).toEqual({ kind: 'later', trouble: 'the server was stopped' });
  });

  test('what cannot be asked, or signed, is told and tried later', async () => {
    const inside = await deliver([messageOf()], sendingTo(receiver, { allow: [] }));
    expect(inside).toEqual({ kind: 'later', trouble: expect.stringContaining('not of the public internet') });
    for (const wrong of ['whsec_c2hvcnQ=', 'no key', `${key} ${keyOf(65)}`]) {
      writeFileSync(file, wrong);
      const { trouble } = (await deliver()) as { trouble: string };
      expect(trouble).toMatch(/24 to 64 bytes/);
      expect(trouble).not.toContain('whsec_c2');
    }
    rmSync(file);
    expect(await deliver()).toMatchObject({ kind: 'later', trouble: expect.stringContaining('team') });
    expect(receiver.received).toEqual([]);
  });

  test('over TLS the certificate counts', async () => {
    const made = await makeCertificate();
    const secure = await openReceiver(made);
    try {
      const url = `${secure.url}/hook`;
      expect((await deliver([messageOf()], sendingTo(secure), url)).kind).toBe('later');
      expect(secure.received).toEqual([]);
      const trusting = sendingTo(secure, { caFile: made.certFile });
      expect((await deliver([messageOf()], trusting, url)).kind).toBe('delivered');
    } finally {
      await secure.close();
    }
  });
});
