import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionsOf, ada, auditOf, putPerson } from '../app/sign-in/people.fixture.ts';
import { revokeAllOf } from '../app/sign-in/revoke-all-of.ts';
import { Browser, fieldIn, type Seen } from './sign-in/browser.fixture.ts';
import { type ProviderProcess, startProvider } from './sign-in/oidc-provider-process.fixture.ts';
import { clientId, clientSecret, openSignInNode, type SignInNode } from './sign-in/sign-in-node.fixture.ts';

let provider: ProviderProcess;
let node: SignInNode;
let other: SignInNode;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider();
  node = await openSignInNode({ issuer: provider.issuer });
  other = await openSignInNode({ issuer: provider.issuer, store: node.store });
  const redirect_uris = [`${node.url}/sign-in/callback`];
  await provider.serve({ client_id: clientId, client_secret: clientSecret, redirect_uris });
  await putPerson(node.store, ada);
});
afterAll(async () => {
  await other.close();
  await node.close();
  await provider.end();
});

let addresses = 0;
beforeEach(async () => {
  browser = new Browser();
  addresses += 1;
  node.address = `192.0.2.${addresses}`;
  await provider.sits({});
});
afterEach(() => {
  expect(node.bugs).toEqual([]);
});

const cookieName = 'sluice-session';
const isCallback = (url: string) => url.includes('/sign-in/callback');
const signInAt = (next = '/sign-in', headers = {}) => browser.post(`${node.url}/sign-in/oidc`, { next }, { headers });
const lastRefusal = async () => (await auditOf(node.store)).filter(({ action }) => action === 'sign-in.refused').at(-1);

function expectRefused(seen: Seen, status = 403): void {
  expect(seen.status).toBe(status);
  expect(browser.cookie(node.url, cookieName)).toBeUndefined();
}

describe('with a real provider', () => {
  test('somebody signs in, goes on to where they wanted, and signs out', async () => {
    const begin = await browser.get(`${node.url}/sign-in?next=/sign-in%3Fhere`);
    expect(begin.text).toContain(`Sign in with ${new URL(provider.issuer).host}`);
    const landed = await signInAt(fieldIn(begin, 'next'));
    expect(landed.url).toBe(`${node.url}/sign-in?here`);
    expect(landed.text).toContain('You are signed in as ada@example.org');
    expect(landed.way.some((url) => url.startsWith(`${provider.issuer}/interaction/`))).toBe(true);

    const cookie = browser.cookie(node.url, cookieName);
    const found = await node.authenticate(cookie);
    expect(found).toMatchObject({ principal: ada, via: 'session' });
    const set = browser.setCookies.find((text) => text.startsWith(`${cookieName}=`)) ?? '';
    expect(set).toMatch(/; Max-Age=43[12]\d\d;/);
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(set).toContain(`; ${attribute}`);

    const out = await browser.post(`${node.url}/sign-in/out`, { csrf: fieldIn(landed, 'csrf') ?? '' });
    expect(out.url).toBe(`${node.url}/sign-in`);
    expect(browser.cookie(node.url, cookieName)).toBeUndefined();
    node.aheadMs += 500;
    expect(await node.authenticate(cookie)).toBeUndefined();
    expect((await actionsOf(node.store)).slice(-2)).toEqual(['session.begun', 'session.ended']);
  });

  test('what is sent to it has a challenge, a state and a nonce, new ones each time', async () => {
    const sent = new Set<string>();
    for (let time = 0; time < 3; time += 1) {
      const { way } = await browser.post(
        `${node.url}/sign-in/oidc`,
        {},
        { stopAt: (url) => url.startsWith(provider.issuer) },
      );
      const { searchParams } = new URL(way.at(-1) ?? '');
      expect(searchParams.get('code_challenge_method')).toBe('S256');
      expect(searchParams.get('redirect_uri')).toBe(`${node.url}/sign-in/callback`);
      for (const name of ['code_challenge', 'state', 'nonce']) sent.add(searchParams.get(name) ?? '');
    }
    expect(sent.size).toBe(9);
    const set = browser.setCookies.at(-1) ?? '';
    expect(set).toMatch(/^sluice-sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('another node takes somebody back whom this one sent away', async () => {
    const sent = await browser.post(`${node.url}/sign-in/oidc`, {}, { stopAt: isCallback });
    const flow = browser.cookie(node.url, 'sluice-sign-in') ?? '';
    browser.keep(other.url, 'sluice-sign-in', flow);
    const landed = await browser.get(`${other.url}/sign-in/callback${new URL(sent.way.at(-1) ?? '').search}`);
    expect(landed.text).toContain('You are signed in as ada@example.org');
  });

  test('a session that is revoked is over within a second, on every node', async () => {
    await signInAt();
    const cookie = browser.cookie(node.url, cookieName);
    expect(await node.authenticate(cookie)).toBeDefined();
    expect(await other.authenticate(cookie)).toBeDefined();
    await revokeAllOf(node.store, { owner: 'user:ada@example.org', by: 'local:root' }, Date.now() + node.aheadMs);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await node.authenticate(cookie)).toBeUndefined();
    expect(await other.authenticate(cookie)).toBeUndefined();
    expect((await browser.get(`${node.url}/sign-in`)).text).toContain('Sign in with');
  });

  test('unknown, disabled and unverified people all see the same', async () => {
    await putPerson(node.store, { kind: 'user', name: 'gone@example.org' }, { disabled: true });
    const pages: Seen[] = [];
    for (const [person, why] of [
      [{ email: 'eve@example.org' }, 'no user of this name is enabled'],
      [{ email: 'gone@example.org' }, 'no user of this name is enabled'],
      [{ verified: false }, 'the provider has not verified the e-mail address'],
    ] as const) {
      browser = new Browser();
      await provider.sits(person);
      const seen = await signInAt();
      expectRefused(seen);
      pages.push(seen);
      expect(await lastRefusal()).toMatchObject({ actor: 'system', detail: { via: 'oidc', why } });
    }
    expect(new Set(pages.map(({ text }) => text)).size).toBe(1);
    const names = (await auditOf(node.store)).flatMap(({ subject = '' }) =>
      subject.startsWith('user ') ? [subject] : [],
    );
    expect(names.slice(-2)).toEqual(['user eve@example.org', 'user gone@example.org']);
  });

  test('somebody who says no there is not let in here', async () => {
    await provider.sits({ cancels: true });
    const seen = await signInAt();
    expectRefused(seen);
    expect(seen.text).not.toContain('the person said no');
    expect(await lastRefusal()).toMatchObject({ detail: { why: 'the provider answered access_denied' } });
  });

  test('an answer of the provider counts once', async () => {
    const sent = await browser.post(`${node.url}/sign-in/oidc`, {}, { stopAt: isCallback });
    const [callback = '', flow = ''] = [sent.way.at(-1), browser.cookie(node.url, 'sluice-sign-in')];
    expect((await browser.get(callback)).status).toBe(200);
    expect(browser.cookie(node.url, 'sluice-sign-in')).toBeUndefined();
    browser = new Browser();
    expectRefused(await browser.get(callback));
    expect(await lastRefusal()).toMatchObject({ detail: { why: 'this browser did not begin to sign in here' } });
    browser.keep(node.url, 'sluice-sign-in', flow);
    expectRefused(await browser.get(callback));
    expect(await lastRefusal()).toMatchObject({ detail: { why: 'the provider did not take the code: invalid_grant' } });
  });

  test.each([
    ['another state', (query: URLSearchParams) => query.set('state', 'x'.repeat(43))],
    ['no state', (query: URLSearchParams) => query.delete('state')],
    ['two states', (query: URLSearchParams) => query.append('state', 'x')],
    ['no code', (query: URLSearchParams) => query.delete('code')],
    ['another code', (query: URLSearchParams) => query.set('code', 'x'.repeat(43))],
    ['another issuer', (query: URLSearchParams) => query.set('iss', 'https://evil.example')],
    ['nothing', (query: URLSearchParams) => [...query.keys()].forEach((key) => void query.delete(key))],
  ])('an answer with %s is refused', async (_, alter) => {
    const sent = await browser.post(`${node.url}/sign-in/oidc`, {}, { stopAt: isCallback });
    const callback = new URL(sent.way.at(-1) ?? '');
    alter(callback.searchParams);
    expectRefused(await browser.get(callback.href));
    expect(await lastRefusal()).toMatchObject({ detail: { via: 'oidc' } });
  });

  test('an answer that another browser asked for is refused', async () => {
    const sent = await browser.post(`${node.url}/sign-in/oidc`, {}, { stopAt: isCallback });
    const victim = new Browser();
    await victim.post(`${node.url}/sign-in/oidc`, {}, { stopAt: (url) => url.startsWith(provider.issuer) });
    const seen = await victim.get(sent.way.at(-1) ?? '');
    expect(seen.status).toBe(403);
    expect(victim.cookie(node.url, cookieName)).toBeUndefined();
  });

  test('an answer that comes after ten minutes is refused', async () => {
    const sent = await browser.post(`${node.url}/sign-in/oidc`, {}, { stopAt: isCallback });
    node.aheadMs += 600_000;
    expectRefused(await browser.get(sent.way.at(-1) ?? ''));
    expect(await lastRefusal()).toMatchObject({ detail: { why: 'it took too long at the provider' } });
  });

  test('the pictures in the page of somebody else do not use up the attempts of whoever looks at it', async () => {
    const callback = `${node.url}/sign-in/callback?code=x`;
    const statuses: number[] = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await browser.get(callback)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429, 429]);
    expect((await signInAt()).text).toContain('You are signed in');
  });

  test('one person may sign in some ten times a minute, from wherever', async () => {
    const grace = { kind: 'user', name: 'grace@example.org' } as const;
    await putPerson(node.store, grace);
    await provider.sits({ email: grace.name });
    const statuses: number[] = [];
    const { aheadMs } = node;
    const begunMs = Date.now();
    for (let time = 0; time < 12; time += 1) {
      // All at about one moment, however long it takes: meanwhile other attempts would be earned.
      node.aheadMs = aheadMs + begunMs - Date.now();
      browser = new Browser();
      node.address = `198.51.100.${time}`;
      statuses.push((await signInAt()).status);
    }
    node.aheadMs = aheadMs;
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(200));
    expect(statuses.at(-1)).toBe(429);
  });

  test('nobody is led to another server afterwards', async () => {
    const landed = await signInAt('//evil.example/');
    expect(landed.url).toBe(`${node.url}/sign-in`);
    expect(landed.way.every((url) => url.startsWith(node.url) || url.startsWith(provider.issuer))).toBe(true);
  });

  test('the page of another site cannot begin to sign somebody in', async () => {
    for (const headers of [{ Origin: 'http://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const seen = await signInAt('/', headers);
      expectRefused(seen);
      expect(seen.text).toContain('does not show that it comes from a page'.replace('does', 'did'));
    }
  });
});
