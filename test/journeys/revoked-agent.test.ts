import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { peopleIn, well } from './people.ts';
import { ask, makeFile, makeFolder, run, type Started, serve, start } from './sluice-process.ts';

const world = [
  { kind: 'service-account', name: 'watcher', roles: ['agent'] },
  { kind: 'notifier', name: 'nobody', product: 'Firefox', transport: 'none' },
];

test('an agent whose token is revoked enacts nothing and says so; one with a new token catches up', async () => {
  const data = makeFolder();
  const { root } = await peopleIn({ data }, 'open');
  const put = await run(['put', makeFile('world.json', world), '--data', data]);
  expect(put.code, put.stderr).toBe(0);
  const { adminPort: port } = await serve(data);
  const token = () =>
    well(
      root.ask(port, 'POST', '/tokens', {
        name: 'watching',
        owner: 'service-account:watcher',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    );
  const agentWith = (secret: string) =>
    start(['agent', '--url', `http://127.0.0.1:${port}`, '--listen', '127.0.0.1:0'], {
      environment: { SLUICE_TOKEN: secret },
    });
  const { id: credential, secret } = await token();
  const shutOut = agentWith(secret);
  const health = await healthOf(shutOut);
  await until(async () => (await ask(health, '/health')).status === 200);

  expect((await root.ask(port, 'DELETE', `/tokens/${credential}`)).status).toBe(204);
  const dueMs = Date.now() + 1500;
  const { id } = await well(
    root.ask(port, 'POST', '/changes', {
      reason: 'a quarter',
      edits: [
        {
          kind: 'rule',
          name: '10',
          expectedVersion: 1,
          op: 'patch',
          patch: { share: { kind: 'percent', percent: 25 } },
        },
      ],
      condition: { time: { after: new Date(dueMs).toISOString() } },
    }),
  );
  await until(async () => (await ask(health, '/health')).status === 503);
  await pause(Math.max(0, dueMs + 1500 - Date.now()));
  const change = () => well(root.ask(port, 'GET', `/changes/${id}`));
  expect(await change()).toMatchObject({ state: 'pending', facts: { truth: 'true' } });
  expect(shutOut.stderr()).toMatch(/token|signed in|let in/i);

  const second = agentWith((await token()).secret);
  await until(async () => (await change()).state !== 'pending');
  expect(await change()).toMatchObject({ state: 'enacted', end: { by: 'service-account:watcher' } });
  for (const agent of [shutOut, second]) {
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toMatchObject({ code: 0 });
  }
});

/** Where an agent tells its health, once it does. */
async function healthOf(agent: Started): Promise<number> {
  const line = () => /^ {2}health {2}http:\/\/127\.0\.0\.1:(\d+) /m.exec(agent.stdout())?.[1];
  await until(async () => line() !== undefined);
  return Number(line());
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const lateMs = Date.now() + 30_000; !(await isSo()); await pause(50)) {
    if (Date.now() > lateMs) throw new Error('it does not come to that');
  }
}
