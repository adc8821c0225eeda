import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Condition } from 'sluice';
import { afterAll, expect, test } from 'vitest';
import { verifyAudit } from '../../packages/server/src/app/audit/verify-audit.ts';
import { made, operator, user, workshopOver } from '../../packages/server/src/app/changes/changing.fixture.ts';
import type { Desk } from '../../packages/server/src/app/changes/desk.ts';
import { proposeChange } from '../../packages/server/src/app/changes/propose-change.ts';
import { makeToken } from '../../packages/server/src/app/sign-in/make-token.ts';
import type { Store } from '../../packages/server/src/store.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { lehmer } from './lehmer.ts';
import { makeFolder, type Server, type Started, serve, start } from './sluice-process.ts';

const isLong = process.env['SLUICE_SOAK'] === '1';
const kills = isLong ? 30 : 3;
const awayMs = isLong ? 60_000 : 2000;
const patienceMs = isLong ? 600_000 : 180_000;
/** How long the due times are spread over. */
const spreadMs = isLong ? 180_000 : 4000;
const many = isLong ? 200 : 60;
/** Where much else runs beside it, only the long form is held to what is promised. */
const latestMs = isLong ? 10_000 : 90_000;

type Place = { readonly data: string; readonly databaseUrl?: string };

/** A server that takes requests and never answers. */
const stalling = createServer(() => {}).listen(0, '127.0.0.1');
afterAll(() => {
  stalling.closeAllConnections();
  stalling.close();
});

interface Scheduled {
  readonly token: string;
  /** By their number, which change is due when. */
  readonly dueAtMs: ReadonlyMap<number, number>;
  /** One that fails when it is enacted, and one whose signal is never known. */
  readonly poisoned: { readonly failing: number; readonly hanging: number };
}

/** Schedules many changes over a while that begins soon, among them two poisoned ones. */
async function schedule(place: Place, inMs: number): Promise<Scheduled> {
  const store = await openStore(place);
  try {
    const shop = workshopOver(store);
    shop.setClock(Date.now());
    const eve = user('eve');
    const url = `http://127.0.0.1:${(stalling.address() as AddressInfo).port}/`;
    await shop.propose(operator, [
      made('service-account', 'robot', { roles: ['agent'] }),
      made('notifier', 'nobody', { transport: 'none' }),
      made('user', eve.name, { roles: [] }),
      made('grant', 'eve', { user: eve.name, actions: ['read', 'create'], products: ['Firefox'] }),
      made('signal', 'stalling', { source: 'http-json', url, value: '/x', every: 'PT1S', timeout: 'PT5S' }),
    ]);
    const startMs = Date.now() + inMs;
    const dueAtMs = new Map<number, number>();
    const proposeIn = async (desk: Desk, i: number, condition?: Condition): Promise<number> => {
      // Ten at each moment.
      const dueMs = Math.round(startMs + (Math.floor(i / 10) / (many / 10)) * spreadMs);
      const { change } = await proposeChange(desk, {
        reason: 'a journey',
        edits: [made('throttle', `Firefox/${i}.0`, { product: 'Firefox', version: `${i}.0`, percent: 50 })],
        condition: condition ?? { time: { after: new Date(dueMs).toISOString() } },
        priority: i % 3,
        draft: false,
      });
      if (condition === undefined) dueAtMs.set(change.id, dueMs);
      return change.id;
    };
    const failing = await shop.as(eve, (desk) => proposeIn(desk, many / 2));
    const hanging = await shop.as(operator, async (desk) => {
      for (let i = 0; i < many; i += 1) if (i !== many / 2) await proposeIn(desk, i);
      return proposeIn(desk, many, { signal: { name: 'stalling', op: '>', value: 0 } });
    });
    const grant = await store.get('grant', 'eve');
    await shop.propose(operator, [{ kind: 'grant', name: 'eve', expectedVersion: grant?.version ?? 0, op: 'delete' }]);
    const owner = { kind: 'service-account', name: 'robot' } as const;
    const wish = { name: 'journey', owner, expiresAtMs: Date.now() + 86_400_000, by: 'local:journey' };
    const { secret } = await makeToken(store, wish, Date.now());
    return { token: secret, dueAtMs, poisoned: { failing, hanging } };
  } finally {
    await store.close();
  }
}

/** Waits until everything is over that can be. Answers how late it was at the 99th percentile, in milliseconds. */
async function allEnacted(place: Place, { dueAtMs, poisoned }: Scheduled, mostMs: number): Promise<number> {
  const store = await openStore(place);
  try {
    const good = new Set([...dueAtMs.keys()].filter((id) => id !== poisoned.failing));
    for (const deadline = Date.now() + mostMs; Date.now() < deadline && (await pendingIn(store)) > 1; )
      await pause(200);
    const changes = await store.read((view) => view.changes({ limit: 1000 }));
    const stateOf = (id: number) => changes.find((change) => change.id === id)?.state;
    expect(stateOf(poisoned.failing)).toBe('failed');
    expect(stateOf(poisoned.hanging)).toBe('pending');
    const entries = await store.read((view) => view.audit({ action: 'change.enacted', limit: 1000 }));
    const enacted = [...entries].reverse().filter(({ change = 0 }) => good.has(change));
    const ids = enacted.map(({ change = 0 }) => change);
    // Each once, and none left.
    expect([...ids].sort((a, b) => a - b)).toEqual([...good].sort((a, b) => a - b));
    const priorityOf = new Map(changes.map(({ id, priority }) => [id, priority]));
    const inOrder = [...ids].sort(
      (a, b) =>
        (dueAtMs.get(a) ?? 0) - (dueAtMs.get(b) ?? 0) || (priorityOf.get(b) ?? 0) - (priorityOf.get(a) ?? 0) || a - b,
    );
    expect(ids).toEqual(inOrder);
    expect(await verifyAudit(store)).toMatchObject({ ok: true });
    const late = enacted.map(({ change = 0, atMs }) => atMs - (dueAtMs.get(change) ?? 0)).sort((a, b) => a - b);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    const [half = 0, most = 0] = [late[Math.floor(late.length / 2)], late[Math.floor(late.length * 0.99)]];
    console.info(`${late.length} enacted; late by ${half} ms in the middle, ${most} ms at the 99th percentile`);
    return most;
  } finally {
    await store.close();
  }
}

async function pendingIn(store: Store): Promise<number> {
  return (await store.read((view) => view.changes({ states: ['pending'], limit: 1000 }))).length;
}

const loose = ['--set', 'api.perSecond=100000', '--set', 'api.burst=100000'];

function isThere({ stdout }: Started): boolean {
  return stdout().includes('watches what is pending');
}

function agentFor({ adminPort }: Pick<Server, 'adminPort'>, token: string): Started {
  const args = ['agent', '--url', `http://127.0.0.1:${adminPort}`, '--set', 'outside.allow=["127.0.0.1"]'];
  return start(args, { environment: { SLUICE_TOKEN: token } });
}

test(
  `two agents, of which one is killed ${kills} times, enact all but the poisoned, once, in order, in time, over a restart of the server`,
  async () => {
    const place = { data: makeFolder() };
    const scheduled = await schedule(place, 3000);
    let server = await serve(place.data, loose);
    const { adminPort } = server;
    const agents = [agentFor(server, scheduled.token), agentFor(server, scheduled.token)];
    const random = lehmer(20_261_121);
    await pause(2000);
    for (let kill = 0; kill < kills; kill += 1) {
      await pause((spreadMs / kills) * (0.5 + random()) * 0.8);
      const victim = kill % 2;
      agents[victim]?.child.kill('SIGKILL');
      if (kill === Math.floor(kills / 2)) {
        await server.stop();
        server = await serve(place.data, [...loose, '--admin', `127.0.0.1:${adminPort}`]);
      }
      agents[victim] = agentFor(server, scheduled.token);
    }
    expect(await allEnacted(place, scheduled, spreadMs + 90_000)).toBeLessThanOrEqual(latestMs);
    // One that was started last may not be there yet to hear that it is to stop.
    for (const deadline = Date.now() + 30_000; !agents.every(isThere) && Date.now() < deadline; ) await pause(50);
    for (const { child } of agents) child.kill('SIGTERM');
    for (const { ended } of agents) expect(await ended).toMatchObject({ code: 0, signal: null });
    await server.stop();
  },
  patienceMs,
);

describeWithPostgres('agents inside two servers', (postgres) => {
  test(
    `enact everything once and in order while PostgreSQL is away for ${awayMs / 1000} s`,
    async () => {
      const databaseUrl = await postgres().makeDatabase();
      const place = { data: makeFolder(), databaseUrl };
      const scheduled = await schedule(place, 4000);
      const args = [...loose, '--set', 'agent.inside=true', '--set', 'outside.allow=["127.0.0.1"]'];
      const options = { environment: { DATABASE_URL: databaseUrl } };
      const servers = [await serve(place.data, args, options), await serve(makeFolder(), args, options)];
      await pause(3000);
      await postgres().kill();
      await pause(awayMs);
      await postgres().start();
      // What was due while the database was away counts from its return.
      expect(await allEnacted(place, scheduled, spreadMs + 90_000)).toBeLessThanOrEqual(awayMs + latestMs);
      for (const server of servers) expect(await server.stop()).toMatchObject({ code: 0 });
    },
    patienceMs,
  );
});
