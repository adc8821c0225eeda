import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
const executable = join(root, 'node_modules/.bin/sluice');

/** What is around us must not configure the processes that we start. */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('SLUICE_') && name !== 'DATABASE_URL'),
);

const living = new Set<ChildProcess>();
const emptyFolder = mkdtempSync(join(tmpdir(), 'sluice-journey-'));
const folders: string[] = [emptyFolder];
const agents: Agent[] = [];

function killLiving(): void {
  for (const child of living) child.kill('SIGKILL');
}

process.once('exit', killLiving);
afterAll(async () => {
  for (const agent of agents) agent.destroy();
  const ends = [...living].map((child) => once(child, 'exit'));
  killLiving();
  await Promise.all(ends);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the tests of this file have run. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-journey-'));
  folders.push(folder);
  return folder;
}

/** Writes a file that goes when the tests of this file have run: a text as it is, anything else as JSON. */
export function makeFile(name: string, content: unknown): string {
  const file = join(makeFolder(), name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that was started and may have ended since. */
export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

export interface StartOptions {
  /** Where the process works; an empty folder unless given, so that no configuration file is found by chance. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What runs the executable; it runs itself unless given. */
  readonly by?: readonly string[];
}

/** Starts `sluice` with these arguments. */
export function start(args: readonly string[], options: StartOptions = {}): Started {
  const [command = executable, ...rest] = [...(options.by ?? []), executable, ...args];
  const child = spawn(command, rest, {
    cwd: options.cwd ?? emptyFolder,
    env: { ...environment, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }) as Ended);
  return { child, pid: child.pid ?? Number.NaN, ended, stdout: () => stdout, stderr: () => stderr };
}

/** The same, started and waited for. */
export function run(args: readonly string[], options?: StartOptions): Promise<Ended> {
  return start(args, options).ended;
}

/** Runs a command that must succeed, and answers what it printed. */
export async function sluice(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** The revision that a command told of when it had committed. */
export function revisionIn(stdout: string): number {
  return Number(/; revision (\d+)\n/.exec(stdout)?.[1] ?? Number.NaN);
}

/** An object as `sluice export` writes it. */
export type ExportedObject = Readonly<Record<string, unknown>> & { readonly kind: string; readonly name: string };

export interface Exported {
  readonly revision: number;
  readonly objects: readonly ExportedObject[];
}

export async function exportOf(data: string): Promise<Exported> {
  return JSON.parse(await sluice('export', '--data', data)) as Exported;
}

/** Objects without the salts, which are drawn. */
export function withoutSalts(objects: readonly ExportedObject[]): readonly unknown[] {
  return objects.map(({ salt: _, ...object }) => object);
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that answers. */
export interface Server extends Started {
  readonly port: number;
  readonly adminPort: number;
  ask(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Waits until what is served is at least this revision. */
  serves(revision: number): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const startMs = 30_000;

/** Starts `sluice serve` on a free port of the loopback and waits until it says where it listens. */
export function serve(data: string, args: readonly string[] = [], options?: StartOptions): Promise<Server> {
  return startNode('serve', data, args, options);
}

/** The same with `sluice edge`. */
export function edge(data: string, args: readonly string[] = [], options?: StartOptions): Promise<Server> {
  return startNode('edge', data, args, options);
}

async function startNode(
  command: 'serve' | 'edge',
  data: string,
  args: readonly string[],
  options?: StartOptions,
): Promise<Server> {
  const address = '127.0.0.1:0';
  // What is scheduled stays so, for tests that are about something else: the others say --set agent.inside=true.
  const usual = command === 'serve' ? ['--no-agent'] : [];
  const started = start([command, '--data', data, '--public', address, '--admin', address, ...usual, ...args], options);
  const port = await printedPort(started);
  const adminPort = Number(/^ {2}admin {3}http:\/\/127\.0\.0\.1:(\d+) /m.exec(started.stdout())?.[1]);
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const askIt: Server['ask'] = (path, headers = {}) => ask(port, path, headers, agent);
  return {
    ...started,
    port,
    adminPort,
    ask: askIt,
    async serves(revision) {
      for (const deadline = Date.now() + 10_000; ; await pause(10)) {
        const { revision: served } = JSON.parse((await askIt('/__heartbeat__')).body) as { revision: number };
        if (served >= revision) return;
        if (Date.now() > deadline) throw new Error(`revision ${served} is served, ${revision} is not`);
      }
    },
    async stop(signal = 'SIGTERM') {
      started.child.kill(signal);
      const ended = await started.ended;
      agent.destroy();
      return ended;
    },
  };
}

async function printedPort({ child, ended, stdout }: Started): Promise<number> {
  const late = setTimeout(() => child.kill('SIGKILL'), startMs);
  try {
    for (;;) {
      const port = /^ {2}public {2}https?:\/\/127\.0\.0\.1:(\d+) .*\n.*\n/m.exec(stdout())?.[1];
      if (port !== undefined) return Number(port);
      const end = await Promise.race([ended, pause(5)]);
      if (end !== undefined) throw new Error(`sluice serve ended with ${end.code}: ${end.stderr}`);
    }
  } finally {
    clearTimeout(late);
  }
}

/** Asks once, with the path just as it is given. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  agent?: Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, path, headers, agent: agent ?? false, timeout: 10_000 },
      (reply) => {
        let body = '';
        reply.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        reply.on('error', reject);
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
      },
    );
    asking.on('timeout', () => asking.destroy(new Error(`no answer to ${path}`)));
    asking.on('error', reject);
    asking.end();
  });
}
