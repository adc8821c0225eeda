import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/server/src/stores/sqlite/open-sqlite-store.ts';
import { offerIn, updatePath } from './balrog-bundle.ts';
import { makeKnownNode, wronglyAnswered } from './known-node.ts';
import { knownTargets, markOf } from './known-world.ts';
import { reportLine, startLoad } from './load.ts';
import { ask, makeFolder, type Server, serve } from './sluice-process.ts';
import { becomes, isAlive, workersOf } from './workers-of.ts';

const restarts = process.env['SLUICE_SOAK'] === '1' ? 20 : 2;

/** Tells the server to start its workers anew, and waits until none of the old ones is left. */
async function restartWorkers(server: Server, wanted: number): Promise<void> {
  const before = workersOf(server.pid);
  expect(before).toHaveLength(wanted);
  server.child.kill('SIGHUP');
  await becomes(
    'all workers are others',
    () => {
      const now = workersOf(server.pid);
      expect(now.length).toBeGreaterThanOrEqual(wanted);
      return now.length === wanted && before.every((pid) => !isAlive(pid));
    },
    60_000,
  );
}

test(`SIGHUP replaces the workers one by one, and of the questions asked meanwhile none fails`, async () => {
  const node = await makeKnownNode();
  const server = await node.serve('--workers', '2');
  const targets = await knownTargets(server);
  const load = startLoad({ port: server.port, targets, perSecond: 500 });
  for (let round = 0; round < restarts; round += 1) {
    await pause(500);
    await restartWorkers(server, 2);
  }
  await pause(500);
  const report = await load.stop();
  expect(report.complaints).toEqual([]);
  expect(report).toMatchObject({ right: report.asked, wrong: 0, failed: 0 });
  expect(await wronglyAnswered(server, targets)).toEqual([]);
  expect((await server.stop()).code).toBe(0);
  console.info(`${restarts} restarts of two workers: ${reportLine(report)}`);
});

test('SIGHUP has the configuration read again; what cannot be read changes nothing', async () => {
  const { data } = await makeKnownNode();
  const cwd = makeFolder();
  const configure = (text: string) => writeFileSync(join(cwd, 'sluice.yaml'), text);
  configure('workers: 1\nfaces:\n  aus:\n    maxAgeSeconds: 11\n');
  const server = await serve(data, [], { cwd });
  // Each question has a connection of its own, so that no old worker answers it on one that it keeps.
  const answer = async () => (await ask(server.port, updatePath({ version: '1.0.1' }))).headers['cache-control'];
  expect(await answer()).toBe('public, max-age=11');
  configure('workers: 1\nfaces:\n  aus:\n    maxAgeSeconds: 22\n');
  await restartWorkers(server, 1);
  expect(await answer()).toBe('public, max-age=22');

  configure('workers: one\n');
  server.child.kill('SIGHUP');
  await becomes('the mistake is told', () => server.stderr().includes('workers'));
  await pause(300);
  expect(await answer()).toBe('public, max-age=22');
  // The file is watched too, so that one worker may just be replacing another.
  await becomes('one worker is there', () => workersOf(server.pid).length === 1);
  expect((await server.stop()).code).toBe(0);
});

test('what is committed while the workers begin reaches each of them', async () => {
  const node = await makeKnownNode();
  expect((await (await node.serve()).stop()).code).toBe(0);
  const store = await openSqliteStore(join(node.data, 'sluice.db'));
  const marks: string[] = [];
  const commits = new AbortController();
  const committing = (async () => {
    for (let number = 1; !commits.signal.aborted && number < 2000; number += 1) {
      const { name, path } = markOf(number);
      const body = { product: 'MyApp', version: `0.9.${number}`, percent: 0, salt: String(number).padStart(16, '0') };
      await store.commit([{ kind: 'throttle', name, body }], { atMs: number, author: 'ada', reason: '' });
      marks.push(path);
      await pause(20);
    }
  })();
  const server = await node.serve('--workers', '4');
  commits.abort();
  await committing;
  await store.close();
  expect(marks.length).toBeGreaterThan(5);
  await pause(500);
  const offers = async (path: string) => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(server.port, path)));
    return new Set(answers.map(offerIn));
  };
  for (const path of marks) expect(await offers(path), path).toEqual(new Set(['-']));
  expect((await server.stop()).code).toBe(0);
});

/** Sends a part of a request; the rest comes when it is told to. */
function halfRequest(port: number, path: string): Promise<{ finish(): void; readonly received: Promise<string> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const finish = () => socket.write('no more\r\n\r\n');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nX-Slow: `, () => resolve({ finish, received }));
    });
    socket.once('error', reject);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const received = new Promise<string>((end) => socket.once('close', () => end(text)));
  });
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('lets the workers end the requests that they have, and leaves no process behind', async () => {
    const node = await makeKnownNode();
    const server = await node.serve('--workers', '2');
    const workers = workersOf(server.pid);
    expect(workers).toHaveLength(2);
    const halves = await Promise.all(
      Array.from({ length: 8 }, () => halfRequest(server.port, updatePath({ version: '1.0.3' }))),
    );
    await pause(100);
    const stopped = server.stop(signal);
    await pause(300);
    for (const { finish } of halves) finish();
    const { code, signal: endedBy, stderr } = await stopped;
    expect({ code, endedBy }).toEqual({ code: 0, endedBy: null });
    expect(stderr).not.toMatch(/"level":[56]0/);
    for (const { received } of halves)
      expect(await received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]* appVersion="2\.0\.3" /);
    expect(workers.filter(isAlive)).toEqual([]);
    await expect(ask(server.port, '/__lbheartbeat__')).rejects.toThrow('ECONNREFUSED');
  });
});
