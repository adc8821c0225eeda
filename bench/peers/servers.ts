import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { UpdatesWorld } from '../worlds/updates.ts';

/** A server under load, in a process of its own. */
export interface Peer {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

const root = process.cwd();
const connections = 32;

/** A Sluice server over a world, on a free port and in a folder of its own. */
export async function openSluice({ objects }: UpdatesWorld): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify(objects));
  const sluice = join(root, 'node_modules/.bin/sluice');
  const data = join(folder, 'data');
  const put = spawnSync(sluice, ['put', file, '--data', data], { encoding: 'utf8' });
  if (put.status !== 0) throw new Error(put.stderr);
  const child = spawn(sluice, ['serve', '--data', data, '--public', '127.0.0.1:0', '--set', 'log.level=warn']);
  const line = await firstMatch(child, /http:\/\/127\.0\.0\.1:\d+/);
  return peer(child, line, folder);
}

/** The ceiling, with the answers that a Sluice server gives now. */
export async function openBareServer(model: Peer, urls: readonly string[]): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'answers.json');
  const answers = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(model.url + url);
      const headers = [...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
      return [url, response.status, headers.flat(), await response.text()];
    }),
  );
  writeFileSync(file, JSON.stringify(answers));
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare-server.js', import.meta.url)), file]);
  const port = await firstMatch(child, /\d+/);
  return peer(child, `http://127.0.0.1:${port}`, folder);
}

function peer(child: ChildProcess, url: string, folder: string): Peer {
  return {
    url,
    pid: child.pid ?? 0,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    child.stderr?.on('data', (part) => {
      text += String(part);
    });
    child.stdout?.on('data', (part) => {
      text += String(part);
      const match = pattern.exec(text);
      if (match !== null) resolve(match[0]);
    });
  });
}

/** One round of load: how many requests the server answered for each second of its own CPU time. */
export async function requestsPerCpuSecond({ url, pid }: Peer, urls: readonly string[], seconds = 2): Promise<number> {
  const before = cpuSeconds(pid);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: urls.map((path) => ({ path })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} wrong answers, ${result.errors} errors`);
  return result.requests.total / (cpuSeconds(pid) - before);
}

/** User and system time of a process so far. Source: proc(5), fields 14 and 15 of /proc/PID/stat, in clock ticks. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
