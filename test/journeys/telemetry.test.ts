import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Door, openDoor } from '../../packages/server/src/sources/edge/door.fixture.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';
import { offerIn, updatePath } from './balrog-bundle.ts';
import { knownWorld } from './known-world.ts';
import { edge, makeFile, makeFolder, type Server, serve, sluice } from './sluice-process.ts';
import { workersOf } from './workers-of.ts';

const batches = process.env['SLUICE_SOAK'] === '1' ? 10_000 : 200;
const token = 'an-edge-token-of-thirty-two-characters';
const environment = { SLUICE_EDGE_TOKEN: token, SLUICE_EDGE_TOKENS: JSON.stringify([token]) };
const counters = ['--set', 'counters.flushMs=400', '--set', 'counters.binSeconds=1'];
const key = 'ck_0123456789abcdef';
const event = { product: 'MyApp', channel: 'release', version: '1.0.1', event: 'installed' };

const agent = new Agent({ keepAlive: true });
let door: Door | undefined;
afterAll(async () => {
  agent.destroy();
  await door?.close();
});

function post({ port }: Server, body: string, path = '/telemetry/v1/events'): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const posting = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    posting.once('error', reject).end(body);
  });
}

const report = (server: Server, more: object = {}): Promise<number> =>
  post(server, JSON.stringify({ key, events: [{ ...event, ...more }, event] }));

/** What comes of a body that never ends. */
function dripped({ port }: Server): Promise<string> {
  return new Promise((resolve) => {
    let came = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /telemetry/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
      socket.write('Content-Length: 60000\r\n\r\n');
    });
    const dripping = setInterval(() => socket.write('a'), 50);
    socket.on('data', (data) => {
      came += String(data);
    });
    socket
      .on('error', () => {})
      .once('close', () => {
        clearInterval(dripping);
        resolve(came);
      });
  });
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

test('what clients report to workers and to an edge is counted once, whatever others send meanwhile', async () => {
  const data = makeFolder();
  await sluice('import', 'balrog', makeFile('world.json', knownWorld), '--data', data);
  await sluice(
    'put',
    makeFile('key.json', { kind: 'client-key', name: key, product: 'MyApp', channels: ['release'] }),
    '--data',
    data,
  );
  door = await openDoor();
  const quick = ['--set', 'limits.requestTimeoutMs=1000', '--set', 'limits.headersTimeoutMs=1000'];
  const node = await serve(data, ['--workers', '2', ...counters, ...quick], { environment });
  door.leadTo(`http://127.0.0.1:${node.adminPort}`);
  const edged = await edge(makeFolder(), ['--from', door.url, ...counters], { environment });
  const slow = dripped(node);
  const before = workersOf(node.pid).map(memoryOf);
  let accepted = 0;
  const statuses = new Set<number>();
  for (let at = 0; at < batches; at += 4) {
    const version = `${at % 50}.0`;
    const asked = await Promise.all([
      report(node),
      report(node, { version, event: 'failed' }),
      report(edged, { event: 'active-today', count: 3 }),
      post(node, at % 8 === 0 ? 'x'.repeat(70_000) : '{"key":'),
    ]);
    for (const status of asked) statuses.add(status);
    accepted += asked.filter((status) => status === 202).length;
  }
  expect([...statuses].sort()).toEqual([202, 400, 413]);
  expect(accepted).toBe((batches / 4) * 3);
  expect(await report(node, { channel: 'nobody-has-this' })).toBe(403);
  expect(await post(node, '{}', '/telemetry')).toBe(405);
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
  expect(offerIn(await node.ask(updatePath({ version: '1.0.1', channel: 'release' })))).not.toBe('-');
  const after = workersOf(node.pid).map(memoryOf);
  console.info(`workers of ${before.join(' and ')} bytes had ${after.join(' and ')} after ${batches} batches`);
  for (const [at, bytes] of after.entries()) expect(bytes).toBeLessThan((before[at] ?? 0) + 64 * 1024 * 1024);
  await pause(50);
  expect((await edged.stop()).code).toBe(0);
  expect((await node.stop()).code).toBe(0);
  const store = await openStore({ data });
  const sum = (events: readonly ('installed' | 'active-today' | 'failed')[]) =>
    store.read((view) => view.countSum({ events, product: 'MyApp', channel: 'release', fromMs: 0, toMs: 1e15 }));
  const each = batches / 4;
  expect([await sum(['installed']), await sum(['failed']), await sum(['active-today'])]).toEqual([
    4 * each,
    each,
    3 * each,
  ]);
  await store.close();
});
