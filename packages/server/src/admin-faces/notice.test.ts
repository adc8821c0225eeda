import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { made, operator, startMs, user, type Workshop } from '../app/changes/changing.fixture.ts';
import { editChange } from '../app/changes/edit-change.ts';
import { announcedWorkshop, atTwo, proposed, rendered, twoMs } from '../app/notices/announced.fixture.ts';
import { openLinkPages } from '../app/notices/link-pages.ts';
import { openAuthentication } from '../app/sign-in/authentication.ts';
import { prepareSession } from '../app/sign-in/begin-session.ts';
import { makeSecret } from '../app/sign-in/secret.ts';
import { signInUser } from '../app/sign-in/sign-in-user.ts';
import { temporaryStores } from '../app/temporary-store.fixture.ts';
import { openAdminListener } from '../http/admin-listener.ts';
import { adminOrigins } from '../http/admin-origins.ts';
import type { Store } from '../store.ts';
import { notice } from './notice.ts';
import { Browser, fieldIn, type Seen } from './sign-in/browser.fixture.ts';

const openStore = temporaryStores();
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

interface Node {
  readonly url: string;
  readonly shop: Workshop;
  readonly store: Store;
  readonly change: number;
  /** From where whoever asks next comes. */
  address: string;
  /** The path of ada's own link. */
  readonly path: string;
}

/** A change that ada may stop or sign, with a link of her own, and a listener with the pages. */
async function open(to = ['ada@example.org']): Promise<Node> {
  const store = await openStore();
  const shop = await announcedWorkshop(store, to);
  const { id } = await proposed(
    shop,
    { share: { kind: 'percent', percent: 50 } },
    undefined,
    '<script>alert(1)</script>',
  );
  const { links } = await rendered(shop, id, 'scheduled', { dueAtMs: twoMs });
  const own = links.find(({ recipient }) => recipient === 'ada@example.org')?.url ?? '';
  const bugs: unknown[] = [];
  const state = { address: '192.0.2.1' };
  let listening = { host: '127.0.0.1', port: 0 };
  const authentication = openAuthentication(store, { idleMs: 3_600_000, onTrouble: (error) => void bugs.push(error) });
  const pages = openLinkPages(shop.changing, {
    origins: adminOrigins(undefined, () => listening),
    authentication,
    addressOf: () => state.address,
  });
  const listener = await openAdminListener(listening, {
    faces: [{ authorisation: notice.authorisation, routes: notice.open(pages) }],
    onBug: (_, bug) => void bugs.push(bug),
  });
  listening = listener;
  undo.push(async () => {
    await listener.close(200);
    await authentication.settle();
    expect(bugs).toEqual([]);
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    shop,
    store,
    change: id,
    path: new URL(own).pathname,
    get address() {
      return state.address;
    },
    set address(address) {
      state.address = address;
    },
  };
}

const veto = { act: 'veto', reason: 'it crashes' };
const actions = async (store: Store) =>
  (await store.read((view) => view.audit({ after: 0, limit: 1000 }))).map(({ action }) => action);

describe('a personal link', () => {
  test('shows what will happen however often it is looked at, and acts once when it is told to', async () => {
    const { url, path, store, shop, change } = await open();
    const browser = new Browser();
    const before = await actions(store);
    for (let look = 0; look < 100; look += 1) {
      const seen = await fetch(`${url}${path}`, { method: look % 2 === 0 ? 'GET' : 'HEAD' });
      expect(seen.status).toBe(200);
    }
    const page = await browser.get(`${url}${path}`);
    expect(page.text).toContain('100 %');
    expect(page.text).toContain('You are ada@example.org.');
    expect(page.text).toContain('Sign off as releng');
    expect(page.text).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(await actions(store)).toEqual(before);
    expect((await browser.post(`${url}${path}`, veto)).status).toBe(200);
    expect(await shop.change(change)).toMatchObject({
      state: 'vetoed',
      end: { by: 'user:ada@example.org', reason: 'it crashes' },
    });
    expect((await actions(store)).slice(before.length)).toEqual(['change.vetoed', 'notice-link.used']);
    for (const again of [await browser.post(`${url}${path}`, veto), await browser.get(`${url}${path}`)]) {
      expect(again.status).toBe(410);
      expect(again.text).toContain('A link of a notice does nothing any more');
    }
  });

  test('signs off in a role of its owner that is asked for, and in no other', async () => {
    const { url, path, shop, change, store } = await open();
    expect((await new Browser().post(`${url}${path}`, { act: 'sign', role: 'relman' })).status).toBe(403);
    expect((await new Browser().post(`${url}${path}`, { act: 'sign', role: 'releng' })).status).toBe(200);
    expect((await shop.change(change)).signOffs.map(({ user: who, role }) => [who, role])).toEqual([
      ['ada@example.org', 'releng'],
    ]);
    const [used] = await store.read((view) => view.audit({ action: 'notice-link.used', limit: 1 }));
    expect(used).toMatchObject({ actor: 'user:ada@example.org', change, detail: { act: 'sign' } });
    expect((await new Browser().post(`${url}${path}`, veto)).status).toBe(410);
  });

  test('of several that use it at once one gets through', async () => {
    const { url, path, store } = await open();
    const all = await Promise.all(Array.from({ length: 5 }, () => new Browser().post(`${url}${path}`, veto)));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    expect((await actions(store)).filter((action) => action === 'notice-link.used')).toHaveLength(1);
  });

  test('does nothing any more when the change is altered, after a week, or when its owner is disabled', async () => {
    const share = { kind: 'percent', percent: 60 } as const;
    const altered = await open();
    await altered.shop.act(user('ed'), altered.change, (desk, change) =>
      editChange(desk, change, {
        edits: change.edits.map((edit) => ({ ...edit, patch: { share } }) as typeof edit),
        voidSignOffs: true,
      }),
    );
    const old = await open();
    old.shop.setClock(startMs + 7 * 86_400_000);
    const disabled = await open();
    await disabled.store.commit(
      [{ kind: 'user', name: 'ada@example.org', body: { roles: ['releng'], disabled: true } }],
      {
        atMs: startMs,
        author: 'local:operator',
        reason: '',
      },
    );
    for (const { url, path, shop, change } of [altered, old, disabled]) {
      expect((await new Browser().get(`${url}${path}`)).status).toBe(410);
      expect((await new Browser().post(`${url}${path}`, veto)).status).toBe(410);
      expect((await shop.change(change)).state).toBe('pending');
    }
  });

  test('is used by no page of somebody else, and not for what is no act', async () => {
    const { url, path, shop, change } = await open();
    const headers = [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }];
    for (const wrong of headers)
      expect((await new Browser().post(`${url}${path}`, veto, { headers: wrong })).status).toBe(403);
    const plain = await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(veto) });
    expect(plain.status).toBe(403);
    for (const odd of [{}, { act: 'enact' }, { act: 'veto' }, { act: 'veto', reason: 'x'.repeat(501) }])
      expect((await new Browser().post(`${url}${path}`, odd as Record<string, string>)).status).toBe(400);
    expect((await shop.change(change)).state).toBe('pending');
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await fetch(`${url}${path}`, { method, headers: { Origin: url } })).status).toBe(404);
  });

  test('cannot be guessed, and of those who try often no more is heard for a while', async () => {
    const node = await open();
    const { url } = node;
    const session = makeSecret('session').text;
    for (const secret of [makeSecret('notice').text, makeSecret('link').text, session, 'x', '%00', '..%2f', 'é'])
      expect((await new Browser().get(`${url}/notice/${secret}`)).status, secret).toBe(410);
    node.address = '192.0.2.2';
    const posts: Seen[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      posts.push(await new Browser().post(`${url}/notice/${makeSecret('notice').text}`, veto));
    expect(posts.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 410), 429, 429]);
    expect(Number(posts.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    node.address = '192.0.2.3';
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { status } = await fetch(`${url}/notice/${encodeURIComponent(text)}`);
        expect([404, 410]).toContain(status);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test('lets nobody in as a token or a session', async () => {
    const { path, store } = await open();
    const secret = path.split('/').at(-1) ?? '';
    const authentication = openAuthentication(store, { idleMs: 1000, onTrouble: () => {} });
    expect(await authentication.authenticate({ bearer: secret }, startMs)).toBeUndefined();
    expect(await authentication.authenticate({ cookie: secret }, startMs)).toBeUndefined();
  });
});

describe('the page of a change', () => {
  async function signedIn({ url, store }: Node, name: string): Promise<Browser> {
    const prepared = prepareSession({ agent: 'a test' }, 3_600_000, startMs);
    expect((await signInUser(store, `${name}@example.org`, prepared)).kind).toBe('begun');
    const browser = new Browser();
    browser.keep(url, 'sluice-session', prepared.secret);
    return browser;
  }

  test('wants people to sign in, and takes them back', async () => {
    const { url, change } = await open();
    const seen = await new Browser().get(`${url}/notice/change/${change}`);
    expect(seen.status).toBe(401);
    expect(seen.text).toContain(`href="/sign-in?next=%2Fnotice%2Fchange%2F${change}"`);
    expect(seen.text).not.toContain('rule 10');
    expect((await new Browser().post(`${url}/notice/change/${change}`, veto)).status).toBe(401);
  });

  test('lets them stop what they have seen, with what only their session knows', async () => {
    const node = await open();
    const { url, change, shop } = node;
    const path = `${url}/notice/change/${change}`;
    const browser = await signedIn(node, 'ada');
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    const fields = { seen: fieldIn(page, 'seen') ?? '', csrf: fieldIn(page, 'csrf') ?? '', ...veto };
    expect((await browser.post(path, { ...fields, csrf: 'wrong' })).status).toBe(403);
    expect((await browser.post(path, { ...fields, seen: 'another' })).status).toBe(409);
    expect((await shop.change(change)).state).toBe('pending');
    expect((await browser.post(path, fields)).status).toBe(200);
    expect((await shop.change(change)).state).toBe('vetoed');
    const after = await browser.get(path);
    expect(after.text).toContain('was stopped by ada@example.org');
    expect(after.text).not.toContain('<form');
  });

  test('shows of its chain the steps only that its reader may see', async () => {
    const node = await open();
    const { shop, change: id } = node;
    const fennec = { priority: 1, product: 'Fennec', comment: 'quiet', fallback: 'Firefox-desupport' };
    const other = await shop.propose(operator, [made('rule', '77', fennec)], { condition: atTwo });
    const first = await shop.change(id);
    await shop.store.write(async (tx) => {
      await tx.putChange({ ...first, chain: { id, step: 1, of: 2 } });
      await tx.putChange({ ...other.change, chain: { id, step: 2, of: 2 } });
    });
    const page = await (await signedIn(node, 'ada')).get(`${node.url}/notice/change/${id}`);
    expect(page.text).toContain('1 (this one)');
    expect(page.text).toContain('and 1 more');
    expect(page.text).not.toContain('Fennec');
  });

  test('shows nothing to those who may see nothing of it', async () => {
    const node = await open();
    const eve = await signedIn(node, 'eve');
    for (const id of [node.change, 999, 0, 'x', '-1', '1e3'])
      expect((await eve.get(`${node.url}/notice/change/${id}`)).status).toBe(404);
    const page = await (await signedIn(node, 'ada')).get(`${node.url}/notice/change/${node.change}`);
    const fields = { seen: fieldIn(page, 'seen') ?? '', ...veto };
    expect((await eve.post(`${node.url}/notice/change/${node.change}`, fields)).status).toBe(403);
  });
});
