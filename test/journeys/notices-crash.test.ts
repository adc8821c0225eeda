import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type MailServerProcess,
  startMailServer,
} from '../../packages/server/src/notifiers/smtp-server-process.fixture.ts';
import { type Operator, operator } from './api-operator.ts';
import { lehmer } from './lehmer.ts';
import { makeFile, makeFolder, type Server, serve, sluice } from './sluice-process.ts';

const rounds = process.env['SLUICE_SOAK'] === '1' ? 30 : 3;
const eachRound = 8;
/** How many messages may be on their way when a server is killed. */
const mostOnTheWay = 2;
const recipients = ['ada@example.org', 'list@example.org'];

let mail: MailServerProcess;
beforeAll(async () => {
  mail = await startMailServer();
});
afterAll(() => mail.end());

interface ShownNotice {
  readonly id: string;
  readonly change: number;
  readonly state: string;
}

/** Proposes throttles, each a change by itself, until the server is gone; answers how many were acknowledged. */
async function proposeOn({ token }: Operator, { adminPort }: Server, round: number): Promise<void> {
  for (let i = 0; i < eachRound; i += 1) {
    const version = `${round}.${i}`;
    const body = {
      reason: 'a test',
      edits: [
        {
          kind: 'throttle',
          name: `MyApp/${version}`,
          expectedVersion: 0,
          op: 'put',
          body: { product: 'MyApp', version, percent: 5 },
        },
      ],
    };
    const asked = fetch(`http://127.0.0.1:${adminPort}/api/v1/changes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // The server is killed meanwhile.
    const answer = await asked.catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.status).toBe(201);
  }
}

test('a server that is killed while it sends loses no notice, and repeats only what it was just sending, under the same ids', async () => {
  const draw = lehmer(5);
  const data = makeFolder();
  const address = { host: '127.0.0.1', port: mail.port, tls: 'off', from: 'sluice@example.org' };
  const args = ['--config', makeFile('sluice.json', { mail: address }), '--sample'];
  let server = await serve(data, args);
  await server.stop();
  const user = { kind: 'user', name: 'ada@example.org', roles: ['admin'] };
  const notifier = { kind: 'notifier', name: 'mail', transport: 'email', to: recipients, groupWait: 'PT0S' };
  await sluice('put', makeFile('objects.json', [user, notifier]), '--data', data);
  server = await serve(data, args);
  let ada = await operator(data, server, 'user:ada@example.org');
  for (let round = 1; round <= rounds; round += 1) {
    const proposing = proposeOn(ada, server, round);
    await pause(400 + draw() * 1600);
    await server.stop('SIGKILL');
    await proposing;
    server = await serve(data, args);
    ada = await operator(data, server, 'user:ada@example.org');
  }
  const all = async () => {
    const { notices } = await ada.json<{ notices: readonly ShownNotice[] }>('notices', '--limit', '1000');
    return notices.filter(({ change }) => change !== undefined);
  };
  let notices = await all();
  for (
    const deadline = Date.now() + 60_000;
    notices.some(({ state }) => state !== 'delivered');
    notices = await all()
  ) {
    if (Date.now() > deadline) break;
    await pause(500);
  }
  expect(await ada.sluice('notices', 'test', 'mail')).toBe('notifier mail works\n');
  const tested = recipients.length;
  await mail.settle();
  expect(notices.length).toBeGreaterThanOrEqual(rounds);
  expect(notices.filter(({ state }) => state !== 'delivered')).toEqual([]);

  const came = mail.mails.map(({ to, raw }) => `${to.join()} ${/^Message-ID: <([^@>]+)@/im.exec(raw)?.[1]}`);
  const wanted = notices.flatMap(({ id }) => recipients.map((to) => ({ to, id })));
  // What a mail is called begins with the notice that it tells of.
  const missing = wanted.filter(({ to, id }) => !came.some((one) => one.startsWith(`${to} `) && one.includes(id)));
  expect(missing).toEqual([]);
  expect(new Set(came).size).toBe(wanted.length + tested);
  expect(came.length - new Set(came).size).toBeLessThanOrEqual(rounds * mostOnTheWay * recipients.length);
  await server.stop();
}, 600_000);
