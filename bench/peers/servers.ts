import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { UpdatesWorld } from '../worlds/updates.ts';
import { cpuSeconds, familyOf } from './processes.ts';

/** A server under load, in a process of its own. */
export interface Peer {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

const root = process.cwd();
const connections = 32;

/** A Sluice server over these objects, on a free port and in a folder of its own. */
export async function openSluice(objects: UpdatesWorld['objects'], args: readonly string[] = []): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify(objects));
  const data = join(folder, 'data');
  const put = spawnSync(sluice, ['put', file, '--data', data], { encoding: 'utf8' });
  if (put.status !== 0) throw new Error(put.stderr);
  return serveFrom(data, args, folder);
}

const sluice = join(root, 'node_modules/.bin/sluice');

/** A Sluice server over a data folder; `folder` goes when it is closed. */
export async function serveFrom(data: string, args: readonly string[], folder?: string): Promise<SluicePeer> {
  return startNode(['serve', '--data', data, ...args], folder);
}

export interface SluicePeer extends Peer {
  readonly adminUrl: string | undefined;
}

/** Starts a command that runs a node. */
export async function startNode(
  args: readonly string[],
  folder?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SluicePeer> {
  const listen = ['--public', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--set', 'log.level=warn'];
  const child = spawn(sluice, [...args, ...listen], { env: { ...process.env, ...environment } });
  const text = await firstMatch(child, /public {2}http[\s\S]*admin {3}http:\/\/[\d.:]+/);
  const [url = '', adminUrl] = text.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  return { ...peer(child, url, folder), adminUrl };
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

function peer(child: ChildProcess, url: string, folder: string | undefined): Peer {
  return {
    url,
    pid: child.pid ?? 0,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
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

export interface LoadOptions {
  readonly seconds?: number;
  /** Whether each request has a line that was never asked before. */
  readonly everyUrlNew?: boolean;
  /** How many requests are sent in a second; as many as go unless given. */
  readonly perSecond?: number;
}

let asked = 0;

/** One round of load: how many requests the server answered for each second of its own CPU time, its workers' included. */
export async function requestsPerCpuSecond(
  { url, pid }: Peer,
  urls: readonly string[],
  { seconds = 2, everyUrlNew = false, perSecond }: LoadOptions = {},
): Promise<number> {
  const family = familyOf(pid);
  const before = cpuSeconds(family);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(perSecond !== undefined && { overallRate: perSecond }),
    requests: urls.map((path) => ({
      path,
      ...(everyUrlNew && { setupRequest: (request: object) => ({ ...request, path: renewed(path) }) }),
    })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} wrong answers, ${result.errors} errors`);
  return result.requests.total / (cpuSeconds(family) - before);
}

/** The same question from a client with another amount of memory, as a build id has it that no rule asks for. */
function renewed(path: string): string {
  asked += 1;
  return path.replace(/MEM%3A\d+/, `MEM%3A${4096 + asked}`);
}
