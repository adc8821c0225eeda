import { setTimeout as pause } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { afterAll, expect, test } from 'vitest';
import {
  type MailServerProcess,
  startMailServer,
} from '../../packages/server/src/notifiers/smtp-server-process.fixture.ts';
import { principalText } from '../../packages/server/src/principal.ts';
import { browsers } from './browsers.ts';
import { type Person, peopleIn, well } from './people.ts';
import { makeFile, makeFolder, run, serve, start } from './sluice-process.ts';

/** How many installs there are, how often each checks, and how many shall have the new version. */
const installs = 80;
const checkEveryMs = 1000;
const target = 24;

let mail: MailServerProcess | undefined;
afterAll(() => mail?.end());

test('25 % at a time, and 0 % when uptake reaches the target, by nobody but the agent', async () => {
  mail = await startMailServer({ tls: 'off' });
  const data = makeFolder();
  const { root, ed, ada, mary } = await peopleIn({ data }, 'open');
  const put = await run(['put', makeFile('world.json', world), '--data', data]);
  expect(put.code, put.stderr).toBe(0);
  const settings = ['counters.binSeconds=1', 'counters.flushMs=250', 'agent.inside=false'];
  const post = [`mail.port=${mail.port}`, 'mail.host=127.0.0.1', 'mail.tls=off', 'mail.from=sluice@example.org'];
  const server = await serve(
    data,
    [...settings, ...post].flatMap((one) => ['--set', one]),
  );
  const port = server.adminPort;
  const { secret } = await well(
    root.ask(port, 'POST', '/tokens', {
      name: 'watching',
      owner: 'service-account:watcher',
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  );
  const agent = start(['agent', '--url', `http://127.0.0.1:${port}`, '--set', 'agent.ownEveryMs=300'], {
    environment: { SLUICE_TOKEN: secret },
  });

  const dueMs = Date.now() + 7000;
  const up = await well(
    ed.ask(port, 'POST', '/changes', {
      reason: 'a quarter on Tuesday',
      edits: [share(25)],
      condition: { time: { after: new Date(dueMs).toISOString() } },
    }),
  );
  const down = await well(
    ed.ask(port, 'POST', '/changes', {
      reason: 'enough have it',
      edits: [share(0)],
      condition: { all: [{ change: { id: up.id, state: 'enacted' } }, { signal: uptakeReached }] },
    }),
  );
  for (const { id } of [up, down]) for (const who of [ada, mary]) await sign(port, who, id);
  const scheduledMs = Date.now();
  expect(scheduledMs, 'the machine was too slow to schedule in time').toBeLessThan(dueMs - 3000);
  const why = await run(['why', String(down.id), '--url', `http://127.0.0.1:${port}`], {
    environment: { SLUICE_TOKEN: root.token },
  });
  expect(why.stdout, why.stderr).toContain(`change ${up.id}`);
  expect(why.stdout).toContain('uptake');

  const field = browsers({ port: server.port, installs, everyMs: checkEveryMs, from: '157.0', to: '158.0' });
  try {
    const enacted = async (id: number, withinMs: number) => {
      for (const untilMs = Date.now() + withinMs; ; await pause(100)) {
        const change = await well(root.ask(port, 'GET', `/changes/${id}`));
        if (change.state !== 'pending' || Date.now() > untilMs) return change;
      }
    };
    const first = await enacted(up.id, 20_000);
    expect(first, agent.stderr()).toMatchObject({ state: 'enacted', end: { by: 'service-account:watcher' } });
    expect(Date.parse(first.end.at)).toBeGreaterThanOrEqual(dueMs);
    expect(Date.parse(first.end.at)).toBeLessThan(dueMs + 10_000);
    const second = await enacted(down.id, 40_000);
    expect(second, agent.stderr()).toMatchObject({ state: 'enacted', end: { by: 'service-account:watcher' } });
    expect(field.on('158.0')).toBeGreaterThanOrEqual(target / 2);
    // From now on nobody gets it any more.
    await server.serves(second.end.revision);
    await pause(2 * checkEveryMs);
    const had = field.on('158.0');
    await pause(3 * checkEveryMs);
    expect(field.on('158.0')).toBe(had);
    expect(field.failures()).toEqual([]);
  } finally {
    await field.stop();
  }
  expect((await well(root.ask(port, 'GET', '/objects/rule/20'))).body.share).toEqual({ kind: 'percent', percent: 0 });

  // Who, why, and with which evidence; and nobody touched it after it was scheduled.
  const { entries } = await well(root.ask(port, 'GET', `/changes/${down.id}/history`));
  const enactment = entries.find(({ action }: { action: string }) => action === 'change.enacted');
  expect(enactment).toMatchObject({
    actor: 'service-account:watcher',
    detail: { proposer: 'user:ed@example.org', signOffs: [{ role: 'releng' }, { role: 'relman' }] },
  });
  const ofUp = (await well(root.ask(port, 'GET', `/changes/${up.id}/history`))).entries;
  const { notices } = ofUp.find(({ action }: { action: string }) => action === 'change.enacted').detail.announced;
  expect((await well(root.ask(port, 'GET', `/changes/${up.id}/notices`))).notices).toContainEqual(
    expect.objectContaining({ id: notices[0], event: 'scheduled', state: 'delivered' }),
  );
  const evidence = enactment.detail.evidence.find(({ leaf }: { leaf: object }) => 'signal' in leaf);
  expect(evidence).toMatchObject({ truth: 'true', reading: { value: expect.any(Number) } });
  expect(evidence.reading.value).toBeGreaterThanOrEqual(target);
  const all = (await well(root.ask(port, 'GET', '/audit?limit=500'))).entries as { actor: string; at: string }[];
  const later = all.filter(({ at }) => Date.parse(at) > scheduledMs);
  const watcher = principalText({ kind: 'service-account', name: 'watcher' });
  expect(later.filter(({ actor }) => actor !== watcher && actor !== 'system')).toEqual([]);
  expect(await well(root.ask(port, 'GET', '/audit/verify'))).toMatchObject({ ok: true });

  await tells(mail, up.id, dueMs);
  agent.child.kill('SIGTERM');
  expect(await agent.ended).toMatchObject({ code: 0 });
});

/** Mails came: before the change was enacted, with what it alters and until when it can be stopped; and after it. */
async function tells(from: MailServerProcess, id: number, dueMs: number): Promise<void> {
  for (const untilMs = Date.now() + 10_000; from.mails.length < 4 && Date.now() < untilMs; ) await pause(100);
  await from.settle();
  const read = await Promise.all(from.mails.map(({ raw }) => PostalMime.parse(raw)));
  const subjects = read.map(({ subject }) => subject).join('\n');
  const ahead = read.find(({ text }) => text?.includes(`sluice change veto ${id} `));
  expect(ahead, subjects).toBeDefined();
  expect(Date.parse(ahead?.date ?? ''), subjects).toBeLessThan(dueMs);
  expect(ahead?.text).toContain('25');
  expect(ahead?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
}

async function sign(port: number, who: Person, id: number): Promise<void> {
  const { headers } = await who.ask(port, 'GET', `/changes/${id}`);
  await well(who.ask(port, 'POST', `/changes/${id}/sign-off`, {}, { 'If-Match': headers.get('etag') ?? '' }));
}

function share(percent: number): object {
  const patch = { share: { kind: 'percent', percent } };
  return { kind: 'rule', name: '20', expectedVersion: 1, op: 'patch', patch };
}

const uptakeReached = {
  uptake: { product: 'Firefox', channel: 'release', version: '158.0', window: 'PT4S' },
  op: '>=',
  value: target,
};

const hashValue = 'a1b2c3d4'.repeat(16);
const release = {
  schema_version: 9,
  hashFunction: 'sha512',
  appVersion: '158.0',
  displayVersion: '158.0',
  platforms: {
    'Linux_x86_64-gcc3': {
      buildID: '20261116091500',
      locales: { 'en-US': { completes: [{ from: '*', filesize: 1000, hashValue }] } },
    },
  },
  fileUrls: { '*': { completes: { '*': 'https://download.example.org/firefox-158.0.mar' } } },
};

const world = [
  { kind: 'file-host', name: 'download.example.org', host: 'download.example.org', products: ['Firefox'] },
  {
    kind: 'release',
    name: 'Firefox-158.0',
    product: 'Firefox',
    blob: { ...release, name: 'Firefox-158.0' },
  },
  {
    kind: 'rule',
    name: '20',
    priority: 200,
    product: 'Firefox',
    channel: 'release',
    release: 'Firefox-158.0',
    share: { kind: 'percent', percent: 0 },
  },
  { kind: 'population', product: 'Firefox', checkInterval: `PT${checkEveryMs / 1000}S` },
  {
    kind: 'notifier',
    name: 'people',
    product: 'Firefox',
    transport: 'email',
    to: ['releases@example.org'],
    leads: ['PT4S'],
    vetoWindow: 'PT2S',
    groupWait: 'PT0S',
  },
  { kind: 'service-account', name: 'watcher', roles: ['agent'] },
  { kind: 'policy', name: 'releng', product: 'Firefox', channel: 'release', role: 'releng', signOffs: 1 },
  { kind: 'policy', name: 'relman', product: 'Firefox', channel: 'release', role: 'relman', signOffs: 1 },
];
