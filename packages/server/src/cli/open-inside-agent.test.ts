import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type ApiServer, apiServers } from '../admin-faces/api/api-server.fixture.ts';
import { furnish, made, operator, user } from '../app/changes/changing.fixture.ts';
import { loadConfig } from '../config.ts';
import { type InsideAgent, openInsideAgent } from './open-inside-agent.ts';

const openServer = apiServers();
const running: InsideAgent[] = [];
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.stop();
});

const past = { time: { after: '2026-11-21T11:00:00Z' } };
const edits = [made('throttle', 'Firefox/1.0', { product: 'Firefox', version: '1.0', percent: 50 })];
const { config } = loadConfig({ faces: [], environment: {}, set: ['agent.passMs=50'] });

function open({ workshop, url }: ApiServer, said: string[] = []): InsideAgent {
  const agent = openInsideAgent(
    { loadOutsideSignals: async () => [], nowMs: workshop.changing.nowMs },
    {
      changing: workshop.changing,
      admin: { host: '127.0.0.1', port: Number(new URL(url).port) },
      config,
      log: pino({ level: 'error' }, { write: (line) => void said.push(line) }),
    },
  );
  running.push(agent);
  return agent;
}

async function until(is: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await is()); await pause(20))
    if (Date.now() > deadline) throw new Error('It did not come to that.');
}

const tokensOf = ({ store }: ApiServer) =>
  store.read((view) => view.credentials({ kind: 'token', owner: 'service-account:agent', limit: 10 }));

test('an agent inside writes nothing until something is scheduled, then enacts it, and leaves no token behind', async () => {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, [made('notifier', 'nobody', { transport: 'none' })]);
  const agent = open(server);
  const { revision } = await server.store.newest();
  await pause(300);
  expect([(await server.store.newest()).revision, await agent.metrics()]).toEqual([revision, '']);
  const { change } = await server.workshop.propose(user('ed'), edits, { condition: past });
  await until(async () => (await server.workshop.change(change.id)).state === 'enacted');
  expect((await server.workshop.change(change.id)).end?.by).toBe('service-account:agent');
  expect(await tokensOf(server)).toMatchObject([{ scopes: ['read-changes', 'report', 'enact'] }]);
  expect(await agent.metrics()).toContain('sluice_agent_ready 1');
  await agent.stop();
  expect((await tokensOf(server))[0]?.revokedAtMs).toBeDefined();
});

test.each([
  ['disabled', [made('service-account', 'agent', { roles: ['agent'], disabled: true })], 'who is enabled'],
  [
    'wanted by policies to be signed',
    [
      made('grant', 'agents', { role: 'releng', actions: ['read', 'create', 'update'], kinds: ['service-account'] }),
      made('policy', 'accounts', { role: 'releng', signOffs: 1, kinds: ['service-account'] }),
    ],
    'sign-offs',
  ],
])('where the account is %s no agent runs inside, and the log says so', async (_, objects, words) => {
  const server = await openServer();
  await furnish(server.workshop);
  await server.workshop.propose(operator, objects);
  const { change } = await server.workshop.propose(user('ed'), edits, { condition: past });
  const said: string[] = [];
  open(server, said);
  await until(() => said.length > 0);
  expect(said.join()).toContain(words);
  expect((await server.workshop.change(change.id)).state).toBe('pending');
  expect(await tokensOf(server)).toEqual([]);
});
