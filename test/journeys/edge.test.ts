import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Door, openDoor } from '../../packages/server/src/sources/edge/door.fixture.ts';
import { offerIn, ruleRow, updatePath } from './balrog-bundle.ts';
import { knownTargets, knownWorld, markOf } from './known-world.ts';
import type { Target } from './load.ts';
import {
  ask,
  edge,
  makeFile,
  makeFolder,
  revisionIn,
  run,
  type Server,
  serve,
  sluice,
  start,
} from './sluice-process.ts';

const token = 'an-edge-token-of-thirty-two-characters';
const environment = { SLUICE_EDGE_TOKEN: token, SLUICE_EDGE_TOKENS: JSON.stringify([token]) };
/** A channel that is asked for only where counts are compared. */
const counting = ruleRow(2000, 'MyApp-2.0.0', { priority: 2000, channel: 'counting' });
const world = makeFile('world.json', { ...knownWorld, rules: [...knownWorld.rules, counting] });
const countedPath = updatePath({ version: '1.0.1', channel: 'counting' });

/** A node, an edge that follows it, and an edge with workers that follows that one; each by a way that can be cut. */
interface Line {
  readonly data: string;
  node: Server;
  first: Server;
  second: Server;
  readonly firstFolder: string;
  readonly toNode: Door;
  readonly toFirst: Door;
  readonly targets: readonly Target[];
}

async function startNode(data: string, toNode: Door): Promise<Server> {
  const node = await serve(data, [], { environment });
  toNode.leadTo(`http://127.0.0.1:${node.adminPort}`);
  return node;
}

async function openLine(): Promise<Line> {
  const data = makeFolder();
  await sluice('import', 'balrog', world, '--data', data);
  const [toNode, toFirst] = [await openDoor(), await openDoor()];
  const node = await startNode(data, toNode);
  const firstFolder = makeFolder();
  const first = await edge(firstFolder, ['--from', toNode.url], { environment });
  toFirst.leadTo(`http://127.0.0.1:${first.adminPort}`);
  const second = await edge(makeFolder(), ['--from', toFirst.url, '--workers', '2'], { environment });
  return { data, node, first, second, firstFolder, toNode, toFirst, targets: await knownTargets(node) };
}

async function answersRight(server: Server, targets: readonly Target[]): Promise<void> {
  for (const { path, body } of targets) {
    const answer = await server.ask(path);
    expect({ path, status: answer.status, body: answer.body }).toEqual({ path, status: 200, body });
  }
}

let line: Line;
beforeAll(async () => {
  line = await openLine();
});
afterAll(async () => {
  for (const server of [line.second, line.first, line.node]) await server.stop();
  for (const door of [line.toNode, line.toFirst]) await door.close();
});

let marks = 0;
/** Commits something that changes one answer, and says which and when it was acknowledged. */
async function commit(): Promise<{ readonly path: string; readonly revision: number }> {
  const { path, done } = beginCommit();
  return { path, revision: (await done).revision };
}

function beginCommit() {
  marks += 1;
  const { object, path } = markOf(marks);
  const putting = start(['put', makeFile('mark.json', object), '--data', line.data]);
  const acknowledged = new Promise<number>((resolve) => {
    putting.child.stdout?.once('data', () => resolve(performance.now()));
  });
  const done = putting.ended.then(async ({ code, stdout, stderr }) => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return { revision: revisionIn(stdout), atMs: await acknowledged };
  });
  return { path, done };
}

/** Waits until a server has taken over what holds back who asks this, and says when. */
async function held(server: Server, path: string): Promise<number> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(2)) {
    if (offerIn(await server.ask(path)) === '-') return performance.now();
  }
  throw new Error(`${path} is still answered as before`);
}

/** Asks the targets, one after the other, until it is told to stop; answers how many answers were right. */
function askMeanwhile(servers: readonly Server[], targets: readonly Target[]): () => Promise<number> {
  let stopped = false;
  let right = 0;
  const asking = async (server: Server): Promise<void> => {
    for (let i = 0; !stopped; i += 1) {
      const { path, body } = targets[i % targets.length] as Target;
      const answer = await server.ask(path);
      expect({ path, status: answer.status, body: answer.body }).toEqual({ path, status: 200, body });
      right += 1;
    }
  };
  const all = Promise.all(servers.map(asking));
  // Told to who stops it.
  all.catch(() => {});
  return async () => {
    stopped = true;
    await all;
    return right;
  };
}

/** Asks so many times what is asked nowhere else. */
async function askCounted(server: Server, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) expect((await server.ask(countedPath)).status).toBe(200);
}

/** Waits until the node has counted just so much, and sees that it stays at that. */
async function counts(server: Server, wanted: number): Promise<void> {
  const look = async (): Promise<number> => {
    const { body } = await ask(server.adminPort, '/metrics');
    const found = /^sluice_decisions_total\{[^}]*channel="counting"[^}]*outcome="main"[^}]*\} (\d+)$/m.exec(body);
    return Number(found?.[1] ?? 0);
  };
  for (const deadline = Date.now() + 40_000; (await look()) !== wanted; await pause(200)) {
    expect(await look()).toBeLessThanOrEqual(wanted);
    if (Date.now() > deadline) throw new Error(`the node counts ${await look()} and not ${wanted}`);
  }
  await pause(6000);
  expect(await look()).toBe(wanted);
}

describe('an edge, and an edge of it,', () => {
  test('answer as the node does, and have no database', async () => {
    for (const server of [line.first, line.second]) await answersRight(server, line.targets);
    expect(readdirSync(line.firstFolder).filter((name) => name.endsWith('.db'))).toEqual([]);
    expect(existsSync(join(line.firstFolder, 'edge-public-key'))).toBe(true);
  });

  test('serve what is committed soon after the node', async () => {
    const rows: { node: number; first: number; second: number }[] = [];
    for (let round = 0; round < 12; round += 1) {
      const { path, done } = beginCommit();
      const times = await Promise.all([line.node, line.first, line.second].map((server) => held(server, path)));
      const { atMs } = await done;
      const [node = Number.NaN, first = Number.NaN, second = Number.NaN] = times.map((time) =>
        Math.max(0, time - atMs),
      );
      rows.push({ node, first, second });
    }
    const median = (key: keyof (typeof rows)[number]): number =>
      rows.map((row) => row[key]).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? Number.NaN;
    const [node, first, second] = [median('node'), median('first'), median('second')];
    const told = [node, first, second].map((time) => `${time.toFixed(0)} ms`).join(', ');
    console.info(
      `of ${rows.length} commits half were served by the node, the edge and the edge of the edge after ${told}`,
    );
    expect(first).toBeLessThan(1000);
    expect(second).toBeLessThan(1500);
  });

  test('have their counts in those of the node', async () => {
    await askCounted(line.node, 10);
    await askCounted(line.first, 20);
    await askCounted(line.second, 30);
    await counts(line.node, 60);
  });

  test('go on when the node is killed, say so, and catch up when it is back', async () => {
    const stopFirst = askMeanwhile([line.first], line.targets);
    const stopSecond = askMeanwhile([line.second], line.targets);
    await line.node.stop('SIGKILL');
    await pause(1500);
    const health = JSON.parse((await ask(line.first.adminPort, '/health')).body) as Record<string, unknown>;
    expect(health).toMatchObject({
      status: 'error',
      checks: { store: { status: 'error' }, snapshot: { status: 'ok' } },
    });
    const { path, revision } = await commit();
    expect(await stopFirst()).toBeGreaterThan(10);
    await line.first.stop('SIGKILL');

    // Its node is away: it answers from its disk.
    line.first = await edge(line.firstFolder, ['--from', line.toNode.url], { environment });
    line.toFirst.leadTo(`http://127.0.0.1:${line.first.adminPort}`);
    await answersRight(line.first, line.targets);
    expect(offerIn(await line.first.ask(path))).not.toBe('-');

    const stopAgain = askMeanwhile([line.first], line.targets);
    line.node = await startNode(line.data, line.toNode);
    const backAtMs = performance.now();
    const caughtUp = await Promise.all([line.first, line.second].map((server) => held(server, path)));
    console.info(
      `caught up ${caughtUp.map((time) => `${(time - backAtMs).toFixed(0)} ms`).join(' and ')} after the node was back`,
    );
    await Promise.all([line.first, line.second].map((server) => server.serves(revision)));
    expect(await stopAgain()).toBeGreaterThan(10);
    expect(await stopSecond()).toBeGreaterThan(10);
  });

  test('take nothing from a node that has another key, and go on', async () => {
    await line.node.stop();
    const other = makeFolder();
    const stranger = await startNode(other, line.toNode);
    await pause(2500);
    await answersRight(line.first, line.targets);
    const health = (await ask(line.first.adminPort, '/health')).body;
    expect(health).toContain('it shows the key SHA256:');
    await stranger.stop();
    line.node = await startNode(line.data, line.toNode);
    const { path } = await commit();
    await Promise.all([line.first, line.second].map((server) => held(server, path)));
    // What edges counted before it started is not among the counts of this start of the node.
    await askCounted(line.second, 5);
    await counts(line.node, 5);
  });
});

/** Nothing listens there any more. */
const gone = await openDoor();
await gone.close();

describe('an edge cannot start', () => {
  test.each([
    ['without a node', [], /edge\.from/],
    ['with an address that is none', ['--from', 'ftp://127.0.0.1/'], /edge\.from/],
    ['with a name in the address', ['--from', 'http://me:secret@127.0.0.1/'], /edge\.from/],
    ['when its node is away and nothing is on its disk', ['--from', gone.url], /ECONNREFUSED/],
  ])('%s, and says why in one sentence', async (_, args, reason) => {
    const common = ['edge', '--data', makeFolder(), '--public', '127.0.0.1:0', '--admin', 'off'];
    const { code, stdout, stderr } = await run([...common, ...args], { environment });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^sluice: [^\n]*\n( {2}[^\n]*\n)*$/);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('secret');
  });

  test('with a token that its node does not know', async () => {
    const from = `http://127.0.0.1:${line.node.adminPort}`;
    const args = ['edge', '--data', makeFolder(), '--public', '127.0.0.1:0', '--admin', 'off', '--from', from];
    const wrong = 'another-token-of-thirty-two-characters';
    const { code, stderr } = await run(args, { environment: { SLUICE_EDGE_TOKEN: wrong } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sluice: The node wants an edge token: [^\n]*\n$/);
    expect(stderr).not.toContain(wrong);
  });
});
