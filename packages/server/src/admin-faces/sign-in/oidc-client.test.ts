import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Lies, type LyingProvider, openLyingProvider } from './lying-provider.fixture.ts';
import { type OidcClient, type OidcOutcome, openOidcClient } from './oidc-client.ts';

const redirectUri = 'http://127.0.0.1:1/sign-in/callback';
const settings = {
  clientId: 'sluice',
  clientSecret: 'a secret: & more',
  scopes: 'openid email',
  claim: 'email',
  requireVerifiedEmail: true,
};

let provider: LyingProvider;
let client: OidcClient;

beforeAll(async () => {
  provider = await openLyingProvider('sluice');
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.lies = {};
  provider.exchanges.length = 0;
  client = openClient();
});

const openClient = (more: object = {}, timeoutSeconds = 20): OidcClient =>
  openOidcClient({ ...settings, issuer: provider.issuer, ...more }, { timeoutSeconds, nowMs: Date.now });

/** Goes to the provider and back. */
async function goAround(lies: Lies = {}, by: OidcClient = client): Promise<OidcOutcome> {
  provider.lies = lies;
  const begun = await by.begin(redirectUri);
  if (begun.kind === 'unavailable') return begun;
  const response = await fetch(begun.url, { redirect: 'manual' });
  return by.finish(new URL(response.headers.get('location') ?? ''), begun.flow);
}

describe('a provider that says the truth', () => {
  test('names the user, and gets the verifier and the secret', async () => {
    expect(await goAround()).toEqual({ kind: 'known', user: 'ada@example.org' });
    const [{ body, authorization } = { body: new URLSearchParams(), authorization: undefined }] = provider.exchanges;
    expect(body.get('redirect_uri')).toBe(redirectUri);
    expect(body.get('code_verifier')).toMatch(/^[\w-]{43,128}$/);
    expect(body.has('client_secret')).toBe(false);
    const [id, secret] = Buffer.from(authorization?.slice(6) ?? '', 'base64')
      .toString()
      .split(':');
    expect([id, decodeURIComponent((secret ?? '').replaceAll('+', ' '))]).toEqual(['sluice', settings.clientSecret]);
  });

  test('is sent the challenge that belongs to the verifier', async () => {
    const begun = await client.begin(redirectUri);
    if (begun.kind !== 'begun') throw new Error(begun.why);
    const challenge = createHash('sha256').update(begun.flow.verifier).digest('base64url');
    expect(new URL(begun.url).searchParams.get('code_challenge')).toBe(challenge);
  });

  test('gets the secret in the body where it takes it there only, and none from a client that has none', async () => {
    await goAround({ metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } });
    expect(provider.exchanges.at(-1)?.body.get('client_secret')).toBe(settings.clientSecret);
    await goAround({}, openClient({ clientSecret: undefined }));
    const { body, authorization } = provider.exchanges.at(-1) ?? {};
    expect([body?.get('client_id'), body?.has('client_secret'), authorization]).toEqual(['sluice', false, undefined]);
  });

  test('may say at its userinfo endpoint what the ID token lacks', async () => {
    const claims = { email: undefined, email_verified: undefined };
    expect(await goAround({ claims, userinfo: { email: 'Ada@example.org', email_verified: true } })).toEqual({
      kind: 'known',
      user: 'ada@example.org',
    });
  });
});

const hourAgo = Math.floor(Date.now() / 1000) - 3600;

describe('nobody is let in by a provider', () => {
  test.each<[string, Lies]>([
    ['with another nonce', { claims: { nonce: 'x'.repeat(43) } }],
    ['without the nonce', { claims: { nonce: undefined } }],
    ['with an ID token that has expired', { claims: { exp: hourAgo } }],
    ['with an ID token for somebody else', { claims: { aud: 'another' } }],
    ['with an ID token of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['with an ID token without a person', { claims: { sub: undefined } }],
    ['with an ID token that another key has signed', { isSignedByAnother: true }],
    ['with an ID token that nobody has signed', { isUnsigned: true }],
    ['without an ID token', { hasNoIdToken: true }],
    ['that has not verified the address', { claims: { email_verified: false } }],
    ['that does not say whether it has', { claims: { email_verified: undefined } }],
    ['that says no address', { claims: { email: undefined } }],
    ['that says an address that is none', { claims: { email: 'a b' } }],
    [
      'that speaks of somebody else at the userinfo endpoint',
      {
        claims: { email: undefined },
        userinfo: { sub: 'eve', email: 'ada@example.org', email_verified: true },
      },
    ],
    [
      'that has verified another address than the one in the ID token',
      {
        claims: { email_verified: undefined },
        userinfo: { email: 'eve@example.org', email_verified: false },
      },
    ],
    ['that does not take the code', { token: { status: 400, body: '{"error":"invalid_grant"}' } }],
  ])('%s', async (_, lies) => {
    expect(await goAround(lies)).toMatchObject({ kind: 'refused', why: expect.stringMatching(/./) });
  });

  test.each<[string, Lies]>([
    ['that does not know this server', { token: { status: 401, body: '{"error":"invalid_client"}' } }],
    ['that has a fault of its own', { token: { status: 500, body: 'oh' } }],
    ['that is overloaded', { token: { status: 503, body: '{"error":"temporarily_unavailable"}' } }],
    ['that answers what is no JSON', { token: { status: 200, body: '<html>' } }],
    ['that answers a page', { token: { status: 200, type: 'text/html', body: '<html>' } }],
    ['that answers nothing in time', { isSilentAt: '/token' }],
    ['that says nothing about itself in time', { isSilentAt: '/.well-known/openid-configuration' }],
    ['that calls itself otherwise', { metadata: { issuer: 'https://evil.example' } }],
    ['that has no address for people', { metadata: { authorization_endpoint: undefined } }],
    ['that has an address for people that is none', { metadata: { authorization_endpoint: 'javascript' } }],
    [
      'that has an address for people that is a script',
      { metadata: { authorization_endpoint: 'javascript:alert(1)' } },
    ],
  ])('%s, and that is not the fault of who came', async (_, lies) => {
    const by = lies.isSilentAt === undefined ? client : openClient({}, 1);
    expect(await goAround(lies, by)).toMatchObject({ kind: 'unavailable', why: expect.stringMatching(/./) });
  });

  test('that is not there, until it is', async () => {
    provider.lies = { metadata: { issuer: 'https://evil.example' } };
    expect((await client.begin(redirectUri)).kind).toBe('unavailable');
    expect(await goAround()).toMatchObject({ kind: 'known' });
    const gone = openClient({ issuer: 'http://127.0.0.1:9' });
    expect((await gone.begin(redirectUri)).kind).toBe('unavailable');
  });
});
