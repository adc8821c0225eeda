import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { updatePath } from './balrog-bundle.ts';
import { makeKnownNode, wronglyAnswered } from './known-node.ts';
import { knownTargets } from './known-world.ts';
import { ask, makeFolder, serve } from './sluice-process.ts';
import { becomes, isAlive, workersOf } from './workers-of.ts';

test('a worker that cannot be started does not end the node, and is there when it can be', async () => {
  const { data } = await makeKnownNode();
  // A program of its own, which can be taken away.
  const program = join(makeFolder(), 'node');
  copyFileSync(process.execPath, program);
  const server = await serve(data, ['--workers', '2'], { by: [program] });
  const targets = await knownTargets(server);
  renameSync(program, `${program}.away`);
  const [first = 0] = workersOf(server.pid);
  process.kill(first, 'SIGKILL');
  await becomes('the log tells of it', () => server.stderr().includes('a worker could not begin'));
  expect(await wronglyAnswered(server, targets)).toEqual([]);
  renameSync(`${program}.away`, program);
  await becomes('there are two again', () => workersOf(server.pid).length === 2);
  expect(workersOf(server.pid)).not.toContain(first);
  expect(await wronglyAnswered(server, targets)).toEqual([]);
  expect((await server.stop()).code).toBe(0);
});

test('a configuration file that is gone or empty for a moment changes nothing', async () => {
  const { data } = await makeKnownNode();
  const cwd = makeFolder();
  const file = join(cwd, 'sluice.yaml');
  const text = 'workers: 1\nfaces:\n  aus:\n    maxAgeSeconds: 11\n';
  writeFileSync(file, text);
  const server = await serve(data, [], { cwd });
  const before = workersOf(server.pid);
  const cached = async () => (await ask(server.port, updatePath({ version: '1.0.1' }))).headers['cache-control'];
  expect(await cached()).toBe('public, max-age=11');

  rmSync(file);
  await pause(3500);
  expect(existsSync(file)).toBe(false);
  server.child.kill('SIGHUP');
  await becomes('the log tells of it', () => server.stderr().includes('could not reload'));
  // Whoever writes it empties it first, and takes some time.
  writeFileSync(file, '');
  await pause(1100);
  writeFileSync(file, text.replace('11', '22'));
  await becomes('the new one is taken over', async () => (await cached()) === 'public, max-age=22');
  expect(before.some(isAlive)).toBe(false);
  expect(server.stderr()).not.toContain('8080');
  expect((await server.stop()).code).toBe(0);
});

test('a log that can no longer be written ends neither the node nor its workers', async () => {
  const { data } = await makeKnownNode();
  const script = 'exec "$0" "$@" 2>/dev/full';
  const server = await serve(data, ['--workers', '1', '--set', 'log.level=trace'], { by: ['bash', '-c', script] });
  const targets = await knownTargets(server);
  const [worker = 0] = workersOf(server.pid);
  process.kill(worker, 'SIGKILL');
  await becomes('there is another', () => workersOf(server.pid).some((pid) => pid !== worker));
  await becomes(
    'it answers',
    async () => (await wronglyAnswered(server, targets).catch(() => ['refused'])).length === 0,
  );
  expect((await server.stop()).code).toBe(0);
});
