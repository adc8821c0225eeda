import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type AppBlob, type Blob, compile, emptyConfiguration, lastTicket, type Snapshot } from 'sluice';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App, OpenFace, Reply } from '../../face.ts';
import { snapshotOf, updates } from './answer.fixture.ts';
import { aus } from './index.ts';

const release: AppBlob = {
  name: 'MyApp-2.0',
  schema_version: 9,
  appVersion: '2.0',
  platforms: { Linux: { buildID: '2', locales: { de: {} } } },
};
const fallback: AppBlob = { ...release, name: 'MyApp-1.9', appVersion: '1.9' };
const vpn: Blob = {
  name: 'VPN-2.0',
  schema_version: 10_000,
  version: '2.0',
  required: false,
  platforms: { Linux: { fileUrl: 'https://download.example.org/vpn' } },
};
const request = { platform: 'Linux' };
const url = '/update/1/MyApp/1.0/1/Linux/de/release/update.xml';
const jsonUrl = '/json/1/MyApp/1.0/Linux/release/update.json';

interface Opened extends OpenFace {
  /** How often a ticket was drawn. */
  draws(): number;
}

function open(snapshot: Snapshot, settings: unknown = {}, tickets: readonly number[] = [1]): Opened {
  let draws = 0;
  const app: App = {
    snapshot: () => snapshot,
    nowMs: () => 0,
    draw: () => tickets[draws++ % tickets.length] ?? 1,
    readRelease: (name) => snapshot.releases.get(name),
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
  };
  return { ...aus.open(app, aus.settings.parse(settings)), draws: () => draws };
}

function get(face: OpenFace, asked: string): Reply {
  const reply = face.answer({ method: 'GET', url: asked, userAgent: undefined });
  if (reply === undefined) throw new Error(`${asked} is not for this face`);
  return reply;
}

/** A reply's headers by name. */
function headersOf({ headers }: Reply): Readonly<Record<string, string>> {
  const names = headers.filter((_, index) => index % 2 === 0);
  expect(new Set(names).size).toBe(names.length);
  return Object.fromEntries(names.map((name, index) => [name, headers[index * 2 + 1] ?? '']));
}

const update = updates('    <update appVersion="2.0" buildID="2" displayVersion="None" type="minor">', '    </update>');
const open90 = { 'Cache-Control': 'public, max-age=90' };

describe('an answer', () => {
  test('with an update is XML, and says which rule in which version gave it', () => {
    const snapshot = snapshotOf(release, {
      request,
      rules: [{ id: 77, product: 'MyApp', priority: 200, release: 'MyApp-2.0' }],
    });
    const reply = get(open(snapshot), url);
    expect(reply).toMatchObject({ status: 200, body: update });
    expect(headersOf(reply)).toEqual({
      'Content-Type': 'text/xml; charset=utf-8',
      'Rule-ID': '77',
      'Rule-Data-Version': '1',
      ...open90,
    });
  });

  test.each([url.replace('1.0', '3.0'), url.replace('MyApp', 'Other'), '/update/anything', '/updates?x'])(
    'of %s is the empty one',
    (asked) => {
      const reply = get(open(snapshotOf(release, { request })), asked);
      expect(reply).toMatchObject({ status: 200, body: updates() });
      const rule = asked.includes('3.0') ? ['1', '1'] : ['unknown', 'unknown'];
      expect(headersOf(reply)).toMatchObject({ 'Rule-ID': rule[0], 'Rule-Data-Version': rule[1], ...open90 });
    },
  );

  test('to JSON is an object, or 404 without a word', () => {
    const face = open(snapshotOf(vpn, { request }));
    const found = get(face, jsonUrl);
    expect(found).toMatchObject({
      status: 200,
      body: '{"version":"2.0","url":"https://download.example.org/vpn","required":false}',
    });
    expect(headersOf(found)).toEqual({
      'Content-Type': 'application/json',
      'Rule-ID': '1',
      'Rule-Data-Version': '1',
      ...open90,
    });
    const missing = get(face, jsonUrl.replace('1.0', '2.0'));
    expect(missing).toMatchObject({ status: 404, body: '' });
    expect(headersOf(missing)).toMatchObject({
      'Content-Type': 'text/plain; charset=utf-8',
      'Rule-ID': '1',
      ...open90,
    });
  });

  test('to a path of others is none', () => {
    const face = open(snapshotOf(release));
    for (const foreign of ['/', '/json/1/x', '/__heartbeat__']) {
      expect(face.answer({ method: 'GET', url: foreign, userAgent: undefined })).toBeUndefined();
      expect(face.explain({ method: 'GET', url: foreign, userAgent: undefined })).toBeUndefined();
    }
  });

  test('can be explained: the request, the decision and the reply', () => {
    const face = open(snapshotOf(release, { request }));
    const explanation = face.explain({ method: 'GET', url, userAgent: undefined });
    expect(explanation).toMatchObject({
      request: { product: 'MyApp', version: '1.0', platform: 'Linux' },
      decision: { kind: 'serve', rule: { id: 1 }, candidate: 'MyApp-2.0' },
      reply: { status: 200, body: update },
    });
    expect(face.explain({ method: 'GET', url: '/update/x', userAgent: undefined })).toMatchObject({
      request: undefined,
      decision: undefined,
      reply: { body: updates() },
    });
  });
});

describe('a question that cannot be answered gets one sentence', () => {
  const snapshot = snapshotOf(release, { request });

  test.each([
    [
      'a locale that is not there',
      url.replace('/de/', '/x%3Cy%3E%26/'),
      "Locale 'x&lt;y&gt;&amp;' is unknown for platform 'Linux'.",
    ],
    [
      'a platform at the same version',
      url.replace('1.0', '2.0').replace('Linux', 'BeOS'),
      "Platform 'BeOS' is unknown.",
    ],
    ['a version', url.replace('1.0', '60.0b3'), "Version '60.0b3' is invalid."],
    ['a pin', `${url}?pin=115`, "Version Pin String '115' is invalid."],
    ['an empty pin', `${url}?pin=`, 'The query parameter pin must not be empty.'],
    ['a release that is no JSON', jsonUrl, 'This release is not served as JSON.'],
  ])('about %s', (_, asked, sentence) => {
    // JSON says no build and no locale: only a release that is served to everybody gets so far.
    const served = asked === jsonUrl ? snapshotOf({ name: 'All', schema_version: 4000, blobs: [] }) : snapshot;
    const reply = get(open(served), asked);
    expect(reply).toMatchObject({ status: 400, body: sentence });
    expect(headersOf(reply)).toMatchObject({ 'Content-Type': 'text/plain; charset=utf-8', ...open90 });
  });

  test('about a release that is JSON only', () => {
    const reply = get(open(snapshotOf(vpn, { request })), url);
    expect(reply).toMatchObject({ status: 400, body: 'This release is served as JSON only.' });
    expect(headersOf(reply)).toMatchObject({ 'Rule-ID': '1' });
  });

  test('about a parameter that is not known, where queries are held to the letter', () => {
    const asked = `${url}?<utm>=1`;
    expect(get(open(snapshot), asked)).toMatchObject({ status: 200, body: update });
    const reply = get(open(snapshot, { strictQuery: true }), asked);
    expect(reply).toMatchObject({ status: 400, body: 'The query parameter &lt;utm&gt; is not known.' });
    expect(headersOf(reply)).toMatchObject({ 'Rule-ID': 'unknown', 'Rule-Data-Version': 'unknown' });
  });
});

describe('caches', () => {
  test('may keep an undrawn answer for as long as is set', () => {
    const snapshot = snapshotOf(release, { request });
    expect(headersOf(get(open(snapshot, { maxAgeSeconds: 0 }), url))['Cache-Control']).toBe('public, max-age=0');
    expect(headersOf(get(open(snapshot, { maxAgeSeconds: 3600 }), '/update'))['Cache-Control']).toBe(
      'public, max-age=3600',
    );
  });

  test('may keep an answer exactly when no ticket was drawn for it', () => {
    const percent = fc.constantFrom(0, 0.00001, 25, 99.99999, 100);
    const salt = '0123456789abcdef';
    let drawn = 0;
    fc.assert(
      fc.property(
        fc.record({
          share: percent,
          throttle: fc.option(percent, { nil: undefined, freq: 2 }),
          product: fc.option(percent, { nil: undefined }),
          query: fc.constantFrom('', '?force=1', '?force=-1'),
          tickets: fc.array(fc.integer({ min: 1, max: lastTicket }), { minLength: 1, maxLength: 3 }),
        }),
        ({ share, throttle, product, query, tickets }) => {
          const rule = { id: 1, priority: 1, updateType: 'minor', salt, product: 'MyApp' } as const;
          const blobs: readonly Blob[] =
            product === undefined
              ? [release, fallback]
              : [{ name: release.name, schema_version: 4000, products: ['Part'] }, fallback];
          const rules = [
            {
              ...rule,
              release: release.name,
              fallback: fallback.name,
              share: { kind: 'percent', percent: share } as const,
            },
            {
              ...rule,
              id: 2,
              product: 'Part',
              release: fallback.name,
              share: { kind: 'percent', percent: product ?? 100 } as const,
            },
          ];
          const snapshot = compile({
            ...emptyConfiguration,
            rules: rules.map((value) => ({ version: 1, value })),
            releases: blobs.map((blob) => ({ version: 1, value: { name: blob.name, product: 'MyApp', blob } })),
            throttles:
              throttle === undefined
                ? []
                : [{ version: 1, value: { product: 'MyApp', version: '1.0', percent: throttle, salt } }],
          });
          const face = open(snapshot, {}, tickets);
          const cacheControl = headersOf(get(face, url + query))['Cache-Control'];
          if (face.draws() > 0) drawn += 1;
          expect(cacheControl).toBe(face.draws() > 0 ? 'no-store' : 'public, max-age=90');
        },
      ),
      { numRuns: 500 },
    );
    expect(drawn).toBeGreaterThan(50);
  });
});

describe('with a key', () => {
  let folder: string;
  let settings: unknown;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-aus-'));
    const keyFile = join(folder, 'key.pem');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    settings = { contentSignature: { keyFile, x5u: 'https://keys.example.org/kette-für-ж.pem' } };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const signatureOf = (snapshot: Snapshot, asked: string, given: unknown = settings): string | undefined =>
    headersOf(get(open(snapshot, given), asked))['Content-Signature'];

  test('the XML of the signed products carries a signature, empty or not, and no other', () => {
    const signed = snapshotOf(release, { request, settings: { signedProducts: ['MyApp', 'Nothing'] } });
    expect(signatureOf(signed, url)).toMatch(/; p384ecdsa=/);
    expect(signatureOf(signed, url.replace('1.0', '3.0'))).toMatch(/; p384ecdsa=/);
    expect(signatureOf(signed, url.replace('MyApp', 'Nothing'))).toMatch(/; p384ecdsa=/);
    expect(signatureOf(signed, url.replace('MyApp', 'Other'))).toBeUndefined();
    expect(signatureOf(signed, '/update/x')).toBeUndefined();
    expect(signatureOf(signed, `${url}?pin=x`)).toBeUndefined();
    expect(signatureOf(snapshotOf(release, { request }), url)).toBeUndefined();
  });

  test('JSON carries a signature whatever its product, when there is any', () => {
    expect(signatureOf(snapshotOf(vpn, { request }), jsonUrl)).toMatch(/; p384ecdsa=/);
    expect(signatureOf(snapshotOf(vpn, { request }), jsonUrl.replace('1.0', '2.0'))).toBeUndefined();
  });

  test('the address of the chain goes into a header, whatever letters it is written in', () => {
    const signature = signatureOf(snapshotOf(vpn, { request }), jsonUrl);
    expect(signature).toMatch(/^x5u=https:\/\/keys\.example\.org\/kette-f%C3%BCr-%D0%B6\.pem; /);
  });

  test('that is not there the face does not open, and without one nothing is signed', () => {
    const missing = { contentSignature: { keyFile: join(folder, 'missing'), x5u: 'https://keys.example.org/' } };
    expect(() => open(snapshotOf(release), missing)).toThrow(expect.objectContaining({ code: 'invalid-config' }));
    const signed = snapshotOf(vpn, { request, settings: { signedProducts: ['MyApp'] } });
    expect(signatureOf(signed, jsonUrl, {})).toBeUndefined();
    expect(
      signatureOf(snapshotOf(release, { request, settings: { signedProducts: ['MyApp'] } }), url, {}),
    ).toBeUndefined();
  });
});

describe('the settings', () => {
  test('are small where nothing is said', () => {
    expect(aus.settings.parse({})).toEqual({ strictQuery: false, maxAgeSeconds: 90, readyLines: 10_000 });
  });

  test.each([
    { maxAgeSeconds: -1 },
    { maxAgeSeconds: 1.5 },
    { maxAgeSeconds: 31_536_001 },
    { strictQuery: 'yes' },
    { contentSignature: { keyFile: '', x5u: 'https://x' } },
    { contentSignature: { keyFile: 'key', x5u: 'not a URL' } },
    { contentSignature: { keyFile: 'key' } },
    { strict: true },
  ])('%j are refused', (wrong) => {
    expect(aus.settings.safeParse(wrong).success).toBe(false);
  });
});
