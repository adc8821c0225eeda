import { describe, expect, test } from 'vitest';
import { adminOrigins } from './admin-origins.ts';
import { checkSameOrigin, guardSession, type HeaderReader, presentedBy, sessionCookie } from './session-guard.ts';

const plain = adminOrigins(undefined, () => ({ host: '127.0.0.1', port: 8081 }));
const secure = adminOrigins('https://sluice-admin.example', () => ({ host: '127.0.0.1', port: 8081 }));
const csrf = 'a'.repeat(64);
const session = { via: 'session', csrf } as const;
const own = { origin: 'http://127.0.0.1:8081', 'sec-fetch-site': 'same-origin', 'x-sluice-csrf': csrf };

function headers(all: Readonly<Record<string, string>>): HeaderReader {
  return (name) => all[name];
}

describe('what a request presents', () => {
  test('is its token, or the cookie of a session under the name that fits the way', () => {
    const cookie = 'a=b; sluice-session=plain;__Host-sluice-session=secure; c';
    expect(presentedBy(headers({ cookie }), plain)).toEqual({ cookie: 'plain' });
    expect(presentedBy(headers({ cookie }), secure)).toEqual({ cookie: 'secure' });
    expect(presentedBy(headers({ authorization: 'bearer  x ', cookie }), plain)).toEqual({ bearer: 'x' });
    expect(presentedBy(headers({ cookie: 'xsluice-session=1' }), plain)).toEqual({});
    expect(presentedBy(headers({}), plain)).toEqual({});
    expect([sessionCookie(plain), sessionCookie(secure)]).toEqual(['sluice-session', '__Host-sluice-session']);
  });

  test.each(['Basic x', 'Bearer', 'Bearer a b', ''])('is a token that is none where it says "%s"', (authorization) => {
    expect(presentedBy(headers({ authorization, cookie: 'sluice-session=1' }), plain)).toEqual({ bearer: '' });
  });
});

describe('a request that changes something with a session', () => {
  test('passes when it comes from a page of this server and has the text of the session', () => {
    const guard = (all: Readonly<Record<string, string>>, csrfField?: string) => () =>
      guardSession({ method: 'POST', header: headers(all), csrfField }, session, plain);
    expect(guard(own)).not.toThrow();
    expect(guard({ origin: own.origin, 'x-sluice-csrf': csrf })).not.toThrow();
    expect(guard({ 'sec-fetch-site': 'same-origin', 'x-sluice-csrf': csrf })).not.toThrow();
    expect(guard({ origin: own.origin }, csrf)).not.toThrow();
  });

  test.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['from no page', { 'sec-fetch-site': 'none' }],
    ['of another origin', { origin: 'http://evil.example' }],
    ['of an origin that is hidden', { origin: 'null' }],
    ['of another port', { origin: 'http://127.0.0.1:8082' }],
    ['without the text', { 'x-sluice-csrf': undefined }],
    ['with an empty text', { 'x-sluice-csrf': '' }],
    ['with a part of the text', { 'x-sluice-csrf': csrf.slice(1) }],
    ['with another text', { 'x-sluice-csrf': `${csrf.slice(1)}b` }],
    ['that does not say where it comes from', { origin: undefined, 'sec-fetch-site': undefined }],
  ])('does not pass %s', (_, wrong) => {
    const all: Readonly<Record<string, string | undefined>> = { ...own, ...wrong };
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'ANYTHING'])
      expect(() => guardSession({ method, header: (name) => all[name] }, session, plain)).toThrow(
        expect.objectContaining({ code: 'csrf-check-failed' }),
      );
  });

  test('does not pass in a session without a text', () => {
    const request = { method: 'POST', header: headers({ ...own, 'x-sluice-csrf': 'undefined' }) };
    expect(() => guardSession(request, { via: 'session' }, plain)).toThrow();
  });
});

test('a request that only reads, and one with a token, needs neither', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    expect(() => guardSession({ method, header: headers({}) }, session, plain)).not.toThrow();
  expect(() => guardSession({ method: 'POST', header: headers({}) }, { via: 'token' }, plain)).not.toThrow();
});

test('a form that signs in comes from a page of this server', () => {
  expect(() => checkSameOrigin(headers({ origin: 'https://sluice-admin.example' }), secure)).not.toThrow();
  expect(() => checkSameOrigin(headers({ origin: 'http://127.0.0.1:8081' }), secure)).toThrow('sluice-admin.example');
});
