import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Door, openDoor } from '../../packages/server/src/sources/edge/door.fixture.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';
import { updatePath } from './balrog-bundle.ts';
import { knownWorld } from './known-world.ts';
import { ask, edge, makeFile, makeFolder, type Server, serve, sluice } from './sluice-process.ts';
import { becomes, workersOf } from './workers-of.ts';

const kills = process.env['SLUICE_SOAK'] === '1' ? 30 : 1;
const flushMs = 400;
/** What a busy machine may take to write and to kill, besides. */
const slackMs = 1500;
const token = 'an-edge-token-of-thirty-two-characters';
const environment = { SLUICE_EDGE_TOKEN: token, SLUICE_EDGE_TOKENS: JSON.stringify([token]) };
const counters = ['--set', `counters.flushMs=${flushMs}`, '--set', 'counters.binSeconds=1'];

/** A node with workers, and an edge that follows it. */
interface World {
  readonly data: string;
  readonly edgeData: string;
  readonly door: Door;
  node: Server;
  edge: Server;
}

const doors: Door[] = [];
afterAll(async () => {
  for (const door of doors) await door.close();
});

async function openWorld(): Promise<World> {
  const [data, edgeData] = [makeFolder(), makeFolder()];
  await sluice('import', 'balrog', makeFile('world.json', knownWorld), '--data', data);
  const door = await openDoor();
  doors.push(door);
  const node = await startNode(data, door);
  return { data, edgeData, door, node, edge: await startEdge(edgeData, door) };
}

async function startNode(data: string, door: Door): Promise<Server> {
  const node = await serve(data, ['--workers', '2', ...counters], { environment });
  door.leadTo(`http://127.0.0.1:${node.adminPort}`);
  return node;
}

function startEdge(data: string, door: Door): Promise<Server> {
  return edge(data, ['--from', door.url, ...counters], { environment });
}

/** Clients that ask one server again and again. */
interface Clients {
  /** Whoever is asked from now on. */
  server: Server;
  readonly version: string;
  sent: number;
  /** When each answer was there. */
  readonly answeredAtMs: number[];
  stop(): Promise<void>;
}

function beginToAsk(server: Server, version: string): Clients {
  const path = updatePath({ version, channel: 'release' });
  let isOver = false;
  const clients: Clients = {
    server,
    version,
    sent: 0,
    answeredAtMs: [],
    async stop() {
      isOver = true;
      await asking;
    },
  };
  const askOnce = async (): Promise<void> => {
    clients.sent += 1;
    try {
      const { status } = await ask(clients.server.port, path);
      if (status === 200) clients.answeredAtMs.push(performance.now());
    } catch {
      // It is being killed.
      await pause(5);
    }
  };
  const asking = (async () => {
    while (!isOver) {
      await askOnce();
      await pause(2);
    }
  })();
  return clients;
}

/** What is in the store, of a node that has ended. */
async function counted(data: string, version: string): Promise<number> {
  const store = await openStore({ data });
  try {
    const query = { events: ['check', 'uncounted'], product: 'MyApp', version, fromMs: 0, toMs: 1e15 } as const;
    return await store.read((view) => view.countSum(query));
  } finally {
    await store.close();
  }
}

async function stopAll(world: World): Promise<void> {
  expect((await world.edge.stop()).code).toBe(0);
  expect((await world.node.stop()).code).toBe(0);
}

test('every check is counted once, on the node and on its edge, over reloads, a way that is cut, and starts', async () => {
  const world = await openWorld();
  const all = [beginToAsk(world.node, '1.0.1'), beginToAsk(world.edge, '1.0.2')];
  await pause(1000);
  world.door.shut();
  const before = workersOf(world.node.pid);
  world.node.child.kill('SIGHUP');
  await becomes('the workers are replaced', () => {
    const now = workersOf(world.node.pid);
    return now.length === 2 && !now.some((pid) => before.includes(pid));
  });
  world.door.open();
  for (const clients of all) await clients.stop();
  await stopAll(world);
  world.node = await startNode(world.data, world.door);
  world.edge = await startEdge(world.edgeData, world.door);
  const again = [beginToAsk(world.node, '1.0.1'), beginToAsk(world.edge, '1.0.2')];
  await pause(300);
  for (const clients of again) await clients.stop();
  await stopAll(world);
  for (const [at, { version, sent, answeredAtMs }] of all.entries()) {
    const asked = sent + (again[at]?.sent ?? 0);
    const answered = answeredAtMs.length + (again[at]?.answeredAtMs.length ?? 0);
    const found = await counted(world.data, version);
    console.info(`${at === 0 ? 'node' : 'edge'}: of ${asked} checks ${answered} were answered and ${found} counted`);
    expect(found).toBeGreaterThanOrEqual(answered);
    expect(found).toBeLessThanOrEqual(asked);
    expect(answered).toBeGreaterThan(50);
  }
  const store = await openStore({ data: world.data });
  expect((await store.read((view) => view.countSources())).every(({ ended }) => ended)).toBe(true);
  await store.close();
});

test(`nothing is counted twice, nor more lost than of one interval, when ${kills} times a worker, the node and the edge are killed`, async () => {
  const world = await openWorld();
  const [onNode, onEdge] = [beginToAsk(world.node, '1.0.1'), beginToAsk(world.edge, '1.0.2')];
  const killedAtMs = { node: [] as number[], edge: [] as number[] };
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(flushMs + slackMs + ((kill * 137) % flushMs));
    const victim = workersOf(world.node.pid)[kill % 2] ?? Number.NaN;
    killedAtMs.node.push(performance.now());
    process.kill(victim, 'SIGKILL');
    await pause(flushMs + ((kill * 71) % flushMs));
    killedAtMs.edge.push(performance.now());
    await world.edge.stop('SIGKILL');
    killedAtMs.node.push(performance.now());
    await world.node.stop('SIGKILL');
    world.node = await startNode(world.data, world.door);
    onNode.server = world.node;
    world.edge = await startEdge(world.edgeData, world.door);
    onEdge.server = world.edge;
  }
  await pause(300);
  for (const clients of [onNode, onEdge]) await clients.stop();
  await stopAll(world);
  for (const [name, clients] of [['node', onNode] as const, ['edge', onEdge] as const]) {
    const { version, sent, answeredAtMs } = clients;
    const mayBeLost = (at: number): boolean =>
      killedAtMs[name].some((killedMs) => at <= killedMs + 50 && at > killedMs - flushMs - slackMs);
    const sure = answeredAtMs.filter((at) => !mayBeLost(at)).length;
    const found = await counted(world.data, version);
    console.info(
      `${name}: of ${sent} checks ${answeredAtMs.length} were answered and ${found} counted; ${answeredAtMs.length - sure} could be lost`,
    );
    expect(found).toBeLessThanOrEqual(sent);
    expect(found).toBeGreaterThanOrEqual(sure);
    // Some were answered long before anybody was killed, and what was told then is there.
    expect(found).toBeGreaterThan(0);
  }
});
