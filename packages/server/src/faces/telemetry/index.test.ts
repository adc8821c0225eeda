import fc from 'fast-check';
import { type ClientKey, compile, emptyConfiguration, type Rule } from 'sluice';
import { describe, expect, test } from 'vitest';
import { Tally } from '../../counting/tally.ts';
import type { App, Brought, Intake, Reply } from '../../face.ts';
import { telemetry } from './index.ts';

const rule: Omit<Rule, 'id'> = {
  priority: 100,
  updateType: 'minor',
  salt: '0123456789abcdef',
  share: { kind: 'percent', percent: 100 },
  product: 'MyApp',
};
const rules: readonly Rule[] = [
  { ...rule, id: 1, channel: 'release' },
  { ...rule, id: 2, channel: 'nightly*' },
  { ...rule, id: 3, channel: 'nightly-asan' },
];
const all: ClientKey = { key: 'ck_all', product: 'MyApp', perMinute: 5000 };
const beta: ClientKey = { key: 'ck_beta', product: 'MyApp', channels: ['beta', 'nightly*'], perMinute: 5000 };
const vpn: ClientKey = { key: 'ck_vpn', product: 'Guardian', channels: ['release'], perMinute: 5000 };
const path = '/telemetry/v1/events';
const installed = { product: 'MyApp', channel: 'release', version: '2.0', event: 'installed' };

/** A face with these keys, which may be replaced, at a time that goes on when it is told to. */
function open(keys: readonly ClientKey[] = [all, beta, vpn]) {
  const tally = new Tally();
  const refused: string[] = [];
  const world = { nowMs: 0, snapshot: snapshotWith(keys) };
  const app: App = {
    snapshot: () => world.snapshot,
    readRelease: () => undefined,
    nowMs: () => world.nowMs,
    draw: () => 1,
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: 'sluice', version: '0.0.0', commit: '', build: '' },
    meter: { refused: (reason: string) => void refused.push(reason) } as unknown as App['meter'],
    tally,
  };
  const face = telemetry.open(app, {});
  /** What is done with a request, before its body. */
  const begin = (headers: Readonly<Record<string, string>> = {}, more: Partial<Brought> = {}) =>
    face.receive?.({
      method: 'POST',
      url: path,
      userAgent: undefined,
      header: (name) => ({ 'content-type': 'application/json', ...headers })[name],
      ...more,
    });
  const send = (body: unknown, headers?: Readonly<Record<string, string>>): Reply => {
    const begun = begin(headers);
    if (begun === undefined) throw new Error('not for the face');
    const isRaw = typeof body === 'string' || body instanceof Buffer;
    return 'take' in begun ? begun.take(Buffer.from(isRaw ? body : JSON.stringify(body))) : begun;
  };
  const report = (event: object, key = 'ck_all'): Reply => send({ key, events: [{ ...installed, ...event }] });
  return { world, refused, begin, send, report, counts: () => tally.take(0) };
}

function snapshotWith(keys: readonly ClientKey[]) {
  return compile({
    ...emptyConfiguration,
    rules: rules.map((value) => ({ version: 1, value })),
    clientKeys: keys.map((value) => ({ version: 1, value })),
  });
}

const detailOf = ({ body }: Reply): string => JSON.parse(body).detail;

describe('a batch', () => {
  test('is counted by product, channel, version and event, and says how much was', () => {
    const { send, counts } = open();
    const events = [installed, { ...installed, count: 7 }, { ...installed, version: '1.0', event: 'failed' }];
    const { status, body } = send({ key: 'ck_all', events });
    expect([status, body]).toEqual([202, '{"accepted":9}']);
    expect(counts()).toEqual([
      { ...installed, release: '', rule: 0, binMs: 0, count: 8 },
      { ...installed, version: '1.0', event: 'failed', release: '', rule: 0, binMs: 0, count: 1 },
    ]);
  });

  test('may have its key in a header, in both places the same, and must have it in one', () => {
    const { send } = open();
    const header = { 'sluice-client-key': 'ck_all' };
    expect(send({ events: [installed] }, header).status).toBe(202);
    expect(send({ key: 'ck_all', events: [installed] }, header).status).toBe(202);
    expect(send({ key: 'ck_beta', events: [installed] }, header).status).toBe(400);
    expect(send({ events: [installed] }).status).toBe(403);
  });

  test('is counted in the channels under which update checks are', () => {
    const { report, counts } = open();
    const channels = ['release-cck-acme', 'nightly-elm'];
    for (const channel of channels) expect(report({ channel }).status).toBe(202);
    expect(counts().map(({ channel }) => channel)).toEqual(['release', 'nightly*']);
    expect(report({ channel: 'beta' }, 'ck_beta').status).toBe(202);
    for (const channel of ['nightly-elm', 'nightly-asan']) expect(report({ channel }, 'ck_beta').status).toBe(202);
    expect(report({ product: 'Guardian', version: 'any thing' }, 'ck_vpn').status).toBe(202);
    expect(counts().map(({ product, channel }) => [product, channel])).toEqual([
      ['MyApp', 'beta'],
      ['MyApp', 'nightly*'],
      ['MyApp', 'nightly-asan'],
      ['Guardian', 'release'],
    ]);
  });

  test('from a page of any site is read', () => {
    const { begin, report } = open();
    expect(report({}).headers).toContain('Access-Control-Allow-Origin');
    const preflight = begin({}, { method: 'OPTIONS' }) as Reply;
    expect([preflight.status, preflight.body]).toEqual([200, '']);
    expect(preflight.headers.join()).toMatch(/Allow-Methods,POST,Access-Control-Allow-Headers,Content-Type, Sluice/);
  });
});

describe('nothing is counted', () => {
  test.each([
    ['an unknown key', installed, 'ck_none', 'there is no such client key'],
    ['a product that is not the key’s', { product: 'Guardian' }, 'ck_all', 'events[0]: the key is not for the product'],
    ['a channel that is not the key’s', {}, 'ck_beta', 'events[0]: the key is not for the channel'],
    [
      'a channel that nobody has',
      { channel: 'made-up' },
      'ck_all',
      'events[0]: neither the key nor a rule names the channel',
    ],
  ])('for %s: 403', (_, event, key, detail) => {
    const { report, counts, refused } = open();
    const reply = report(event, key);
    expect([reply.status, JSON.parse(reply.body).type]).toEqual([403, '/problems/client-key-refused']);
    expect(detailOf(reply)).toBe(detail);
    expect([counts(), refused]).toEqual([[], ['telemetry-key']]);
  });

  test.each<readonly [string, unknown]>([
    ['no JSON', '{'],
    ['bytes that are no UTF-8', Buffer.from([...Buffer.from('{"key":"'), 0xff, ...Buffer.from('","events":[]}')])],
    ['no events', { key: 'ck_all', events: [] }],
    ['too many events', { key: 'ck_all', events: Array.from({ length: 101 }, () => installed) }],
    ['an unknown event', { key: 'ck_all', events: [{ ...installed, event: 'check' }] }],
    ['an id', { key: 'ck_all', events: [{ ...installed, id: 'a' }] }],
    ['a count of 0', { key: 'ck_all', events: [{ ...installed, count: 0 }] }],
    ['a count above 1000', { key: 'ck_all', events: [{ ...installed, count: 1001 }] }],
    ['half a count', { key: 'ck_all', events: [{ ...installed, count: 1.5 }] }],
    ['a version that cannot be read', { key: 'ck_all', events: [installed, { ...installed, version: 'two' }] }],
    [
      'a version with a line break',
      { key: 'ck_vpn', events: [{ ...installed, product: 'Guardian', version: '1\n2' }] },
    ],
    ['no version', { key: 'ck_vpn', events: [{ ...installed, product: 'Guardian', version: '' }] }],
    [
      'more than a minute allows',
      { key: 'ck_all', events: Array.from({ length: 6 }, () => ({ ...installed, count: 1000 })) },
    ],
  ])('for %s: 400', (_, body) => {
    const { send, counts, refused } = open();
    const reply = send(body);
    expect([reply.status, JSON.parse(reply.body).type]).toEqual([400, '/problems/usage']);
    expect([counts(), refused]).toEqual([[], ['telemetry-body']]);
  });

  test('of another type, or compressed: 415, before the body is read', () => {
    const { begin } = open();
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': '' }, { 'content-encoding': 'gzip' }]) {
      expect(begin(headers as Record<string, string>)).toMatchObject({ status: 415 });
    }
    expect(begin({ 'content-type': 'application/json; charset=utf-8' })).toMatchObject({ mostBytes: 65_536 });
  });

  test('by another method: 405; and at another path it is for others', () => {
    const { begin } = open();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE']) {
      expect(begin({}, { method })).toMatchObject({ status: 405, headers: expect.arrayContaining(['POST, OPTIONS']) });
    }
    for (const url of ['/', `${path}/`, '/telemetry']) expect(begin({}, { url })).toBeUndefined();
  });

  test('and no body is read where there is no key at all, or not the one of the header', () => {
    expect(open([]).begin()).toMatchObject({ status: 403 });
    expect(open().begin({ 'sluice-client-key': 'ck_none' })).toMatchObject({ status: 403 });
  });

  test('once the key is deleted, while the body comes too', () => {
    const { world, begin, report } = open();
    const begun = begin({ 'sluice-client-key': 'ck_all' }) as Intake;
    world.snapshot = snapshotWith([beta]);
    expect(begun.take(Buffer.from(JSON.stringify({ events: [installed] }))).status).toBe(403);
    expect(report({}).status).toBe(403);
  });
});

describe('too much', () => {
  test('in a minute, of one event, is 429 and says when to come again; the key of others is not touched', () => {
    const { world, report, counts, refused } = open();
    const thousand = { count: 1000 };
    for (let times = 0; times < 5; times += 1) expect(report(thousand).status).toBe(202);
    const reply = report(thousand);
    expect([reply.status, detailOf(reply)]).toEqual([429, 'try again in 12 seconds']);
    expect(reply.headers.slice(-2)).toEqual(['Retry-After', '12']);
    expect(report({ ...thousand, event: 'failed' }).status).toBe(202);
    expect(report({ ...thousand, channel: 'beta' }, 'ck_beta').status).toBe(202);
    world.nowMs += 12_000;
    expect(report(thousand).status).toBe(202);
    expect(report({}).status).toBe(429);
    expect(counts().reduce((sum, { count }) => sum + count, 0)).toBe(8000);
    expect(refused).toEqual(['telemetry-rate', 'telemetry-rate']);
  });

  test('stays so over changes of what is configured, and is another where the key is', () => {
    const { world, report } = open();
    for (let times = 0; times < 5; times += 1) report({ count: 1000 });
    world.snapshot = snapshotWith([all]);
    expect(report({ count: 1000 }).status).toBe(429);
    world.snapshot = snapshotWith([{ ...all, perMinute: 6000 }]);
    expect(report({ count: 1000 }).status).toBe(202);
  });
});

describe('whatever is sent', () => {
  const scrap = fc.oneof(
    fc.constantFrom('MyApp', 'release', '2.0', 'installed', 'ck_all', '__proto__', 'constructor', '', '\0', '\ud800'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const event = fc.record(
    { product: scrap, channel: scrap, version: scrap, event: scrap, count: fc.oneof(fc.nat(5), fc.double(), scrap) },
    { requiredKeys: [] },
  );
  const key = fc.oneof(fc.constant('ck_all'), scrap);
  const near = fc.record({ key, events: fc.array(fc.oneof(event, fc.constant(installed)), { maxLength: 3 }) });
  const bodies = fc.oneof(
    near.map((value) => Buffer.from(JSON.stringify(value))),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.nat(60_000).map((depth) => Buffer.from('['.repeat(depth))),
  );

  test('is answered, never with 5xx, and only what was accepted is counted', () => {
    const { world, begin, counts } = open();
    const seen = new Set<number>();
    fc.assert(
      fc.property(bodies, fc.option(key, { nil: undefined }), (body, key) => {
        world.nowMs += 60_000;
        const begun = begin(key === undefined ? {} : { 'sluice-client-key': key });
        const reply = begun !== undefined && 'take' in begun ? begun.take(body) : begun;
        const counted = counts().reduce((sum, { count }) => sum + count, 0);
        seen.add(reply?.status ?? 0);
        expect([202, 400, 403]).toContain(reply?.status);
        expect(reply?.headers.join()).toMatch(/^[\x20-\x7e]*$/);
        expect(counted).toBe(reply?.status === 202 ? JSON.parse(reply.body).accepted : 0);
      }),
      { seed: 5, numRuns: 1500 },
    );
    expect([...seen].sort()).toEqual([202, 400, 403]);
  });
});
