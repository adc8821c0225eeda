import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { ensureFirstLink } from '../app/sign-in/ensure-first-link.ts';
import { makeSignInLink } from '../app/sign-in/make-sign-in-link.ts';
import { actionsOf, ada, auditOf, putPerson } from '../app/sign-in/people.fixture.ts';
import { makeSecret } from '../app/sign-in/secret.ts';
import { Browser, fieldIn } from './sign-in/browser.fixture.ts';
import { openSignInNode, type SignInNode, type SignInNodeOptions } from './sign-in/sign-in-node.fixture.ts';

const nodes: SignInNode[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0)) {
    await node.close();
    expect(node.bugs).toEqual([]);
  }
});

async function open(options: SignInNodeOptions = {}): Promise<SignInNode> {
  const node = await openSignInNode(options);
  nodes.push(node);
  await putPerson(node.store, ada);
  return node;
}

const linkOf = async ({ store }: SignInNode) =>
  (await makeSignInLink(store, { user: ada.name, by: 'local:root' }, Date.now())).secret;
const cookieName = 'sluice-session';

describe('the page for signing in', () => {
  test('has no script, and may only look as it does and send its forms here', async () => {
    const { url } = await open();
    const { status, headers, text } = await new Browser().get(`${url}/sign-in`);
    expect(status).toBe(200);
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=/i);
  });

  test('offers a provider only where there is one', async () => {
    const { url } = await open();
    expect((await new Browser().get(`${url}/sign-in`)).text).not.toContain('Sign in with');
    expect((await new Browser().post(`${url}/sign-in/oidc`, {})).status).toBe(404);
    expect((await new Browser().get(`${url}/sign-in/callback?code=x`)).status).toBe(404);
  });

  test('shows what came in an address as text', async () => {
    const { url } = await open();
    const evil = encodeURIComponent('"><script>alert(1)</script>');
    for (const path of [`/sign-in?next=/${evil}`, `/sign-in/link?secret=${evil}&next=/${evil}`])
      expect((await new Browser().get(`${url}${path}`)).text).not.toContain('<script');
  });

  test('is all that is below its path', async () => {
    const { url } = await open();
    for (const path of ['/sign-in/', '/sign-in/x', '/sign-in/out', '/sign-in/link/x'])
      expect((await new Browser().get(`${url}${path}`)).status, path).toBe(404);
  });

  test('of a provider that is away says so, and nothing more', async () => {
    const { url, store } = await open({ issuer: 'http://127.0.0.1:9' });
    const seen = await new Browser().post(`${url}/sign-in/oidc`, {});
    expect(seen.status).toBe(502);
    expect(seen.text).not.toMatch(/127\.0\.0\.1:9|ECONN|fetch/);
    const [entry] = (await auditOf(store)).slice(-1);
    expect(entry).toMatchObject({
      action: 'sign-in.refused',
      detail: { why: expect.stringContaining('fetch failed') },
    });
  });
});

describe('a link', () => {
  test('is not used up by looking at it, and works once', async () => {
    const node = await open();
    const secret = await linkOf(node);
    const browser = new Browser();
    for (let time = 0; time < 3; time += 1) await browser.get(`${node.url}/sign-in/link?secret=${secret}`);
    const page = await browser.get(`${node.url}/sign-in/link?secret=${secret}`);
    expect(page.text).not.toContain('name="user"');
    const fields = { secret: fieldIn(page, 'secret') ?? '' };
    const landed = await browser.post(`${node.url}/sign-in/link`, fields);
    expect(landed.text).toContain('You are signed in as ada@example.org');
    expect((await new Browser().post(`${node.url}/sign-in/link`, fields)).status).toBe(403);
    expect((await actionsOf(node.store)).slice(-2)).toEqual(['session.begun', 'sign-in.refused']);
  });

  test('lets in one of ten browsers that use it at once', async () => {
    const node = await open();
    const secret = await linkOf(node);
    const browsers = Array.from({ length: 10 }, () => new Browser());
    const seen = await Promise.all(browsers.map((browser) => browser.post(`${node.url}/sign-in/link`, { secret })));
    expect(seen.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(403)]);
    expect(browsers.filter((browser) => browser.cookie(node.url, cookieName) !== undefined)).toHaveLength(1);
  });

  test('of the first administrator asks for a name, and makes them', async () => {
    const node = await open();
    const secret = (await ensureFirstLink(node.store, Date.now())) ?? '';
    const browser = new Browser();
    const page = await browser.get(`${node.url}/sign-in/link?secret=${secret}`);
    expect(page.text).toContain('name="user"');
    const landed = await browser.post(`${node.url}/sign-in/link`, { secret, user: ' Grace@Example.org ' });
    expect(landed.text).toContain('You are signed in as grace@example.org');
    expect(await node.store.get('user', 'grace@example.org')).toMatchObject({ body: { roles: ['admin'] } });
    expect(await ensureFirstLink(node.store, Date.now())).toBeUndefined();
  });

  test('of the first administrator says of a name that cannot be what a name is, and can be used after that', async () => {
    const node = await open();
    const secret = (await ensureFirstLink(node.store, Date.now())) ?? '';
    const refused = await new Browser().post(`${node.url}/sign-in/link`, { secret, user: 'grace' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('<p>a user is called by an e-mail address');
    const landed = await new Browser().post(`${node.url}/sign-in/link`, { secret, user: 'grace@example.org' });
    expect(landed.text).toContain('You are signed in as grace@example.org');
  });

  test('that is unknown, used up or of somebody who is disabled looks the same', async () => {
    const node = await open();
    const [used, disabled] = [await linkOf(node), await linkOf(node)];
    await new Browser().post(`${node.url}/sign-in/link`, { secret: used });
    await putPerson(node.store, ada, { disabled: true });
    const pages = [];
    for (const secret of [used, disabled, makeSecret('link').text, makeSecret('first').text, 'x', '']) {
      const browser = new Browser();
      const { status, text } = await browser.post(`${node.url}/sign-in/link`, { secret, user: 'eve@example.org' });
      pages.push(`${status} ${text}`);
      expect(browser.cookie(node.url, cookieName)).toBeUndefined();
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toMatch(/^403 /);
  });

  test('cannot be used by the page of another site', async () => {
    const node = await open();
    const secret = await linkOf(node);
    for (const headers of [{ Origin: 'http://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }])
      expect((await new Browser().post(`${node.url}/sign-in/link`, { secret }, { headers })).status).toBe(403);
    expect((await new Browser().post(`${node.url}/sign-in/link`, { secret })).status).toBe(200);
  });

  test('takes the place of the session that the browser has', async () => {
    const node = await open();
    const browser = new Browser();
    await browser.post(`${node.url}/sign-in/link`, { secret: await linkOf(node) });
    const before = browser.cookie(node.url, cookieName);
    await browser.post(`${node.url}/sign-in/link`, { secret: await linkOf(node) });
    expect(browser.cookie(node.url, cookieName)).not.toBe(before);
    node.aheadMs = 500;
    expect(await node.authenticate(before)).toBeUndefined();
  });
});

describe('what is sent', () => {
  test.each([
    ['is no form', { 'Content-Type': 'application/json' }, 'secret=x'],
    ['is too long', {}, 'x'.repeat(16 * 1024 + 1)],
  ])('and %s is not read', async (_, headers, secret) => {
    const { url } = await open();
    const seen = await new Browser().post(`${url}/sign-in/link`, { secret }, { headers });
    expect(seen.status).toBe(400);
  });

  test('may be any bytes', async () => {
    const { url } = await open();
    for (const secret of ['\0', '%', '\u{10ffff}', '\ud800', 'sluice_link_'.repeat(100)])
      expect((await new Browser().post(`${url}/sign-in/link`, { secret, user: secret, next: secret })).status).toBe(
        403,
      );
  });
});

describe('signing out', () => {
  test('needs the text of the session, and is nothing to whoever has none', async () => {
    const node = await open();
    const browser = new Browser();
    await browser.post(`${node.url}/sign-in/link`, { secret: await linkOf(node) });
    for (const fields of [{}, { csrf: 'x' }]) {
      expect((await browser.post(`${node.url}/sign-in/out`, fields)).status).toBe(403);
      expect(await node.authenticate(browser.cookie(node.url, cookieName))).toBeDefined();
    }
    const csrf = fieldIn(await browser.get(`${node.url}/sign-in`), 'csrf') ?? '';
    const cookie = browser.cookie(node.url, cookieName);
    expect((await browser.post(`${node.url}/sign-in/out`, { csrf })).status).toBe(200);
    node.aheadMs = 500;
    expect(await node.authenticate(cookie)).toBeUndefined();
    expect((await new Browser().post(`${node.url}/sign-in/out`, {})).url).toBe(`${node.url}/sign-in`);
  });
});

describe('trying often', () => {
  const attempt = (node: SignInNode, fields: Readonly<Record<string, string>>) =>
    new Browser().post(`${node.url}/sign-in/link`, { secret: 'x', ...fields });

  test('from one address is over after ten times, until some seconds have passed', async () => {
    const node = await open();
    for (let time = 0; time < 10; time += 1) expect((await attempt(node, {})).status).toBe(403);
    const refused = await attempt(node, { secret: await linkOf(node) });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThan(7);
    expect((await new Browser().get(`${node.url}/sign-in`)).status).toBe(200);
    node.address = '192.0.2.2';
    expect((await attempt(node, {})).status).toBe(403);
    node.address = '192.0.2.1';
    node.aheadMs = 6000;
    expect((await attempt(node, { secret: await linkOf(node) })).status).toBe(200);
  });

  test('from one network of IPv6 is trying from one address', async () => {
    const node = await open();
    for (let time = 0; time < 10; time += 1) {
      node.address = `2001:db8::${time}`;
      await attempt(node, {});
    }
    node.address = '2001:db8::ffff';
    expect((await attempt(node, {})).status).toBe(429);
  });

  test('under the name of somebody else does not keep them out', async () => {
    const node = await open();
    for (let time = 0; time < 20; time += 1) {
      node.address = `192.0.2.${time}`;
      expect((await attempt(node, { user: 'grace@example.org' })).status).toBe(403);
    }
    node.address = '192.0.2.99';
    const secret = (await ensureFirstLink(node.store, Date.now())) ?? '';
    expect((await attempt(node, { secret, user: 'grace@example.org' })).status).toBe(200);
  });

  test('does not fill the audit log', async () => {
    const node = await open();
    // The limit is one of each minute, so this begins with one.
    node.aheadMs = 60_000 - (Date.now() % 60_000);
    for (let time = 0; time < 70; time += 1) {
      node.address = `192.0.2.${time}`;
      await attempt(node, {});
    }
    expect((await actionsOf(node.store)).filter((action) => action === 'sign-in.refused')).toHaveLength(60);
    node.aheadMs += 60_000;
    await attempt(node, {});
    const all = (await auditOf(node.store)).filter(({ detail }) => 'notWrittenBefore' in (detail as object));
    expect(all.map(({ detail }) => (detail as { notWrittenBefore: number }).notWrittenBefore)).toEqual([10]);
  });
});

describe('behind a proxy with TLS', () => {
  const adminUrl = 'https://sluice-admin.example';
  const headers = { Origin: adminUrl };

  test('the cookie goes to this server only, and over TLS only', async () => {
    const node = await open({ adminUrl });
    const browser = new Browser();
    await browser.post(`${node.url}/sign-in/link`, { secret: await linkOf(node) }, { headers });
    expect(browser.setCookies.at(-1)).toMatch(
      /^__Host-sluice-session=sluice_session_[\w-]{43}; Max-Age=4\d{4}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await browser.get(`${node.url}/sign-in`)).text).toContain('You are signed in');
  });

  test('a cookie without the prefix does not count', async () => {
    const node = await open({ adminUrl });
    const browser = new Browser();
    await browser.post(`${node.url}/sign-in/link`, { secret: await linkOf(node) }, { headers });
    const stolen = new Browser();
    stolen.keep(node.url, cookieName, browser.cookie(node.url, '__Host-sluice-session') ?? '');
    expect((await stolen.get(`${node.url}/sign-in`)).text).not.toContain('You are signed in');
  });

  test('the address behind the proxy is another origin', async () => {
    const node = await open({ adminUrl });
    expect((await new Browser().post(`${node.url}/sign-in/link`, { secret: await linkOf(node) })).status).toBe(403);
  });
});
