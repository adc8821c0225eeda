import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';

/** A PostgreSQL server in a folder of its own. */
export interface PostgresServer {
  readonly port: number;
  readonly password: string;
  /** Makes an empty database and answers with its address. */
  makeDatabase(options?: string): Promise<string>;
  /** Makes an empty schema in a database that all of them share, which takes less time, and answers with its address. */
  makeSchema(): Promise<string>;
  /** Does something as the superuser, in the database of an address or beside all of them. */
  query<T>(sql: string, address?: string): Promise<readonly T[]>;
  /** Ends the server as a crash does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and all its processes in the middle of what they do, until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the server and removes its folder. */
  remove(): Promise<void>;
}

const programs = '/usr/lib/postgresql';
const user = 'sluice';
/** With every character that an address must escape. */
const password = 'pass/wo?rd#@:%20';
const patienceMs = 30_000;

/** The folder of the newest server that Debian has installed. */
function findPrograms(): string | undefined {
  if (!existsSync(programs) || !existsSync('/usr/bin/setpriv')) return undefined;
  const versions = readdirSync(programs).filter((name) => existsSync(join(programs, name, 'bin/initdb')));
  const [newest] = versions.sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? undefined : join(programs, newest, 'bin');
}

const bin = findPrograms();

/** A group of tests that share a server, or are skipped where none is installed. */
export function describeWithPostgres(name: string, tests: (server: () => PostgresServer) => void): void {
  const reason = bin === undefined ? ' (skipped: the package postgresql is not installed)' : '';
  describe.skipIf(bin === undefined)(name + reason, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.remove());
    tests(() => {
      if (server === undefined) throw new Error('The server has not been started.');
      return server;
    });
  });
}

async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  const data = join(folder, 'data');
  const asUser = asOrdinaryUser(folder);
  writeFileSync(join(folder, 'password'), password, { mode: 0o644 });
  await runToEnd(
    asUser('initdb', '--no-sync', '-D', data, '-U', user, '-A', 'scram-sha-256', '-E', 'UTF8').concat([
      '--locale=C.UTF-8',
      `--pwfile=${join(folder, 'password')}`,
    ]),
  );
  const port = await freePort();
  const addressOf = (database: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  let child: ChildProcess | undefined;
  let made = 0;

  const launch = (): ChildProcess => {
    // After a crash it brings its folder to the disk as a whole and not file by file, which takes seconds on a busy one.
    const settings = ['shared_buffers=16MB', 'recovery_init_sync_method=syncfs'].flatMap((setting) => ['-c', setting]);
    const args = ['-D', data, '-k', folder, '-h', '127.0.0.1', '-p', `${port}`, ...settings];
    const [command = '', ...rest] = asUser('postgres', ...args);
    const launched = spawn(command, rest, { stdio: 'ignore' });
    const killIt = () => launched.kill('SIGQUIT');
    process.once('exit', killIt);
    launched.once('exit', () => process.off('exit', killIt));
    return launched;
  };
  const query = async <T>(sql: string, address = addressOf('postgres')): Promise<readonly T[]> => {
    const client = new Client({ connectionString: address, connectionTimeoutMillis: 1000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of [child?.pid ?? Number.NaN, ...childrenOf(child?.pid)]) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // A process of it may have ended by itself since it was listed.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  };
  const start = async (): Promise<void> => {
    for (const deadline = performance.now() + patienceMs; ; await pause(20)) {
      // After a crash it refuses to start while a process of its predecessor is still ending.
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) child = launch();
      const answers = await query('select 1').then(
        () => true,
        () => false,
      );
      if (answers) return;
      if (performance.now() > deadline) throw new Error('PostgreSQL does not answer.');
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();

  return {
    port,
    password,
    query,
    start,
    async makeDatabase(options = '') {
      const name = `database_${++made}`;
      await query(`create database ${name} ${options}`);
      return addressOf(name);
    },
    async makeSchema() {
      const name = `schema_${++made}`;
      await query(`create schema ${name}`);
      return `${addressOf('postgres')}?options=-csearch_path%3D${name}`;
    },
    kill: () => end('SIGKILL'),
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    async remove() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the programs as a user of their own, since they refuse to be root's, and ends them with this process. */
function asOrdinaryUser(folder: string): (program: string, ...args: readonly string[]) => readonly string[] {
  const mortal = ['/usr/bin/setpriv', '--pdeathsig=QUIT'];
  if (process.getuid?.() === 0) {
    const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
    chownSync(folder, Number(uid), Number(gid));
    mortal.push(`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups');
  }
  return (program, ...args) => [...mortal, join(bin ?? '', program), ...args];
}

async function runToEnd([command = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function childrenOf(parent: number | undefined): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(/^.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) === parent;
      } catch {
        return false;
      }
    });
}
