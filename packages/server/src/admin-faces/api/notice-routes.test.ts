import { expect, test } from 'vitest';
import { made, operator, patched, startMs, user } from '../../app/changes/changing.fixture.ts';
import { agent, at, hook, hour, minute, noticingOver } from '../../app/notices/noticing.fixture.ts';
import { type ApiServer, apiServers } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');

/** A change that is to be enacted in an hour, with the tokens of its proposer and of the agent. */
async function scheduled(server: ApiServer) {
  const shop = await noticingOver(server.store, { hook });
  await shop.propose(operator, [
    made('grant', 'lookers', { role: 'looker', actions: ['read'], kinds: ['rule'] }),
    made('user', 'lou@example.org', { roles: ['looker'] }),
  ]);
  const { id } = await shop.schedule(at(startMs + hour));
  const edsToken = await server.tokenOf(ed);
  const agentToken = await server.tokenOf(agent);
  return { shop, id, edsToken, agentToken };
}

test('an agent is told when it can have a change enacted, and refused before with the time at which to ask again', async () => {
  const server = await openServer();
  const { shop, id, agentToken: token } = await scheduled(server);
  const ask = () => server.call('POST', `/api/v1/changes/${id}/notice`, { token, body: {} });
  const enact = () => server.call('POST', `/api/v1/changes/${id}/enact`, { token, body: {} });
  expect((await ask()).body).toMatchObject({ state: 'waiting', says: 'its notice is still to be delivered' });
  await shop.deliver(() => true, startMs + 55 * minute);
  const enactableAt = new Date(startMs + 70 * minute).toISOString();
  expect((await ask()).body).toMatchObject({ state: 'announced', enactableAt });
  server.workshop.setClock(startMs + hour);
  const refused = await enact();
  expect(refused).toMatchObject({ status: 409, body: { type: '/problems/notice-missing', retryAt: enactableAt } });
  server.workshop.setClock(startMs + 70 * minute);
  expect((await enact()).body).toMatchObject({ state: 'enacted' });
  expect((await ask()).body).toMatchObject({ type: '/problems/change-not-found' });
});

test('whom a notice reaches is shown to those only who may see the notifier', async () => {
  const server = await openServer();
  const { shop, id, edsToken, agentToken } = await scheduled(server);
  await shop.store.write(async (tx) => {
    for (const one of await tx.notices({ change: id, limit: 10 }))
      await tx.putNotice({ ...one, attempts: 1, trouble: 'ada@example.org is unknown', reached: ['list@example.org'] });
  });
  const ofChange = async (token: string) =>
    (await server.call('GET', `/api/v1/changes/${id}/notices`, { token })).body.notices[0];
  expect(await ofChange(edsToken)).toMatchObject({ notifier: 'hook', attempts: 1, reached: ['list@example.org'] });
  const shown = await ofChange(agentToken);
  expect(shown).toMatchObject({ notifier: 'hook', event: 'scheduled' });
  expect(JSON.stringify(shown)).not.toContain('example.org');
  const list = async (token: string, query = '') => server.call('GET', `/api/v1/notices${query}`, { token });
  expect((await list(await server.tokenOf(user('lou')))).body.notices).toEqual([]);
  expect((await list(edsToken, '?state=void')).body.notices).toEqual([]);
});

test('the list goes on from page to page, each notice once', async () => {
  const server = await openServer();
  const { shop, edsToken: token } = await scheduled(server);
  for (let i = 0; i < 4; i += 1) await shop.propose(ed, [patched('rule', '10', 2 + i, { share: 10 + i })]);
  const ids: string[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined && page < 20; page += 1) {
    const query = `?limit=2&notifier=hook${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await server.call('GET', `/api/v1/notices${query}`, { token });
    ids.push(...body.notices.map(({ id }: { readonly id: string }) => id));
    cursor = body.next;
  }
  expect(ids.length).toBe((await shop.notices()).length);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await server.call('GET', '/api/v1/notices?cursor=x', { token })).body).toMatchObject({ status: 400 });
});

test('a notifier is tried out by whoever may alter it, and one that sends nothing is not', async () => {
  const server = await openServer();
  const { shop, edsToken: token } = await scheduled(server);
  await shop.propose(operator, [made('notifier', 'nobody', { product: 'Firefox', transport: 'none' })]);
  const tryOut = (notifier: string) => server.call('POST', '/api/v1/notices/self-test', { token, body: { notifier } });
  expect(await tryOut('hook')).toMatchObject({ status: 201, body: { event: 'self-test', state: 'waiting' } });
  expect((await tryOut('nobody')).body).toMatchObject({ type: '/problems/usage' });
  expect((await tryOut('other')).body).toMatchObject({ type: '/problems/object-not-found' });
  expect(server.bugs).toEqual([]);
});
