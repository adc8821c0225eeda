import { expect, test } from 'vitest';
import { furnish, made, operator, user } from '../../app/changes/changing.fixture.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ada = user('ada');
const ci = { kind: 'service-account', name: 'ci' } as const;
const root = user('root');
const soon = '2026-12-01T00:00:00Z';

async function furnished(): Promise<ApiServer> {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [made('user', root.name, { roles: ['admin'] })]);
  return server;
}

test('somebody is told who they are, what they may do, and what their token leaves of that', async () => {
  const server = await furnished();
  const whole = await server.call('GET', '/api/v1/me', { token: await server.tokenOf(ada) });
  expect(whole.body).toEqual({
    principal: 'user:ada@example.org',
    roles: ['releng'],
    permissions: [{ actions: ['read', 'update'], products: ['Firefox'] }],
  });
  const limited = await server.call('GET', '/api/v1/me', { token: await server.tokenOf(ada, ['read', 'sign']) });
  expect(limited.body.scopes).toEqual(['read', 'sign']);
  expect((await server.call('GET', '/api/v1/me')).body.type).toBe('/problems/sign-in-needed');
});

test('a session is told its CSRF word, and alters something only with it and from this server’s own pages', async () => {
  const server = await furnished();
  const headers = { cookie: `sluice-session=${await server.sessionOf(ada)}` };
  const { csrf } = (await server.call('GET', '/api/v1/me', { headers })).body;
  const body = { name: 'laptop', expiresAt: soon };
  const from = (origin: string, word: string) =>
    server.call('POST', '/api/v1/tokens', { headers: { ...headers, origin, 'x-sluice-csrf': word }, body });
  expect((await from(server.url, csrf)).status).toBe(201);
  expect((await from(server.url, 'f'.repeat(64))).body.type).toBe('/problems/csrf-check-failed');
  expect((await from('https://example.org', csrf)).body.type).toBe('/problems/csrf-check-failed');
  expect((await server.call('POST', '/api/v1/tokens', { headers, body })).status).toBe(403);
});

test('a token is shown once, lets its owner in, is listed without its secret, and can be revoked', async () => {
  const server = await furnished();
  const token = await server.tokenOf(ada);
  const body = { name: 'deploy', scopes: ['read'], expiresAt: soon };
  const { body: fresh } = await server.call('POST', '/api/v1/tokens', { token, body });
  expect(fresh).toMatchObject({ owner: 'user:ada@example.org', name: 'deploy', scopes: ['read'] });
  expect((await server.call('GET', '/api/v1/me', { token: fresh.secret })).body.scopes).toEqual(['read']);
  const { body: listed } = await server.call('GET', '/api/v1/tokens', { token });
  expect(listed.tokens).toHaveLength(2);
  expect(JSON.stringify(listed)).not.toContain('sluice_');
  expect((await server.call('DELETE', `/api/v1/tokens/${fresh.id}`, { token })).status).toBe(204);
  server.workshop.setClock(server.workshop.changing.nowMs() + 1000);
  expect((await server.call('GET', '/api/v1/me', { token: fresh.secret })).status).toBe(401);
});

test('tokens are listed page by page to the end', async () => {
  const server = await furnished();
  const tokens = await Promise.all(Array.from({ length: 7 }, () => server.tokenOf(ada)));
  const ids: string[] = [];
  for (let cursor = '', pages = 0; pages < 9; pages += 1) {
    const { body } = await server.call('GET', `/api/v1/tokens?limit=3${cursor}`, { token: tokens[0] });
    ids.push(...body.tokens.map(({ id }: { readonly id: string }) => id));
    if (body.next === undefined) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(ids).toHaveLength(7);
  expect(new Set(ids).size).toBe(7);
});

test('nobody makes a token for another user, and only administrators make one for a service account', async () => {
  const server = await furnished();
  const [asRoot, asAda] = [await server.tokenOf(root), await server.tokenOf(ada)];
  const make = (token: string, owner: string) =>
    server.call('POST', '/api/v1/tokens', { token, body: { name: 'x', owner, expiresAt: soon } });
  expect((await make(asRoot, 'service-account:ci')).body.owner).toBe('service-account:ci');
  expect((await make(asAda, 'service-account:ci')).status).toBe(403);
  expect((await make(asRoot, 'user:ada@example.org')).status).toBe(403);
  expect((await make(asRoot, 'service-account:gone')).body.type).toBe('/problems/object-not-found');
  expect((await make(asRoot, 'local:root')).status).toBe(400);
});

test('who administers, and may do less than others, cannot act as them', async () => {
  const server = await furnished();
  const { workshop } = server;
  await workshop.propose(operator, [
    made('user', 'help@example.org', { roles: ['help-desk'] }),
    made('grant', 'help-desk', { role: 'help-desk', actions: ['administer'] }),
    made('service-account', 'idle', { roles: [] }),
  ]);
  const token = await server.tokenOf(user('help'));
  const make = (owner: string) =>
    server.call('POST', '/api/v1/tokens', { token, body: { name: 'x', owner, expiresAt: soon } });
  expect((await make('service-account:idle')).status).toBe(201);
  const refused = await make('service-account:ci');
  expect(refused.status).toBe(403);
  expect(JSON.stringify(refused.body)).toContain('which ci may');
  const link = (name: string) => server.call('POST', '/api/v1/sign-in-links', { token, body: { user: name } });
  expect((await link('eve@example.org')).status).toBe(201);
  expect((await link('root@example.org')).status).toBe(403);
});

test('a limited token neither makes nor revokes another, but can be revoked with itself', async () => {
  const server = await furnished();
  const whole = await server.tokenOf(ada);
  const { body: limited } = await server.call('POST', '/api/v1/tokens', {
    token: whole,
    body: { name: 'x', scopes: ['read'], expiresAt: soon },
  });
  const token = limited.secret;
  const { tokens } = (await server.call('GET', '/api/v1/tokens', { token: whole })).body;
  const other = tokens.find(({ id }: { readonly id: string }) => id !== limited.id);
  expect((await server.call('POST', '/api/v1/tokens', { token, body: { name: 'y', expiresAt: soon } })).status).toBe(
    403,
  );
  expect((await server.call('GET', '/api/v1/tokens', { token })).status).toBe(403);
  expect((await server.call('DELETE', '/api/v1/sessions', { token })).status).toBe(403);
  expect((await server.call('DELETE', `/api/v1/tokens/${other.id}`, { token })).status).toBe(403);
  expect((await server.call('DELETE', `/api/v1/tokens/${limited.id}`, { token })).status).toBe(204);
});

test('other people’s tokens and sessions are as if they were not there, but for administrators', async () => {
  const server = await furnished();
  const [asRoot, asAda, asCi] = [await server.tokenOf(root), await server.tokenOf(ada), await server.tokenOf(ci)];
  await server.sessionOf(ada);
  const owner = encodeURIComponent('user:ada@example.org');
  expect((await server.call('GET', `/api/v1/tokens?owner=${owner}`, { token: asCi })).status).toBe(403);
  const { tokens } = (await server.call('GET', `/api/v1/tokens?owner=${owner}`, { token: asRoot })).body;
  const { sessions } = (await server.call('GET', `/api/v1/sessions?owner=${owner}`, { token: asRoot })).body;
  expect([tokens.length, sessions.length]).toEqual([1, 1]);
  const revoke = (token: string) => server.call('DELETE', `/api/v1/tokens/${tokens[0].id}`, { token });
  expect((await revoke(asCi)).body.type).toBe('/problems/credential-not-found');
  // A session is no token.
  expect((await server.call('DELETE', `/api/v1/tokens/${sessions[0].id}`, { token: asAda })).status).toBe(404);
  expect((await server.call('DELETE', `/api/v1/sessions/${sessions[0].id}`, { token: asRoot })).status).toBe(204);
  await server.sessionOf(ada);
  expect((await server.call('DELETE', `/api/v1/sessions?owner=${owner}`, { token: asRoot })).body).toEqual({
    revoked: 1,
  });
  expect((await revoke(asRoot)).status).toBe(204);
});

test('a one-time link is made for a user who is there, as the address that they open', async () => {
  const server = await furnished();
  const token = await server.tokenOf(root);
  const { status, body } = await server.call('POST', '/api/v1/sign-in-links', { token, body: { user: ada.name } });
  expect(status).toBe(201);
  expect(body.url).toBe(`${server.url}/sign-in/link?secret=${body.secret}`);
  const unknown = { token, body: { user: 'nobody@example.org' } };
  expect((await server.call('POST', '/api/v1/sign-in-links', unknown)).status).toBe(404);
});

test('for who holds a role that signs nobody makes a link over the API, who could then sign as them', async () => {
  const server = await furnished();
  const token = await server.tokenOf(root);
  const link = () => server.call('POST', '/api/v1/sign-in-links', { token, body: { user: ada.name } });
  expect((await link()).status).toBe(201);
  const policy = {
    kind: 'policy',
    name: 'releng',
    expectedVersion: 0,
    op: 'put',
    body: { role: 'releng', signOffs: 1 },
  };
  const body = { reason: 'from now on', edits: [policy] };
  expect((await server.call('POST', '/api/v1/changes', { token, body })).status).toBe(201);
  const refused = await link();
  expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('a role that signs')]);
});
