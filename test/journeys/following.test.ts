import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, config, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { makeFile, makeFolder, run, type Server, serve, sluice, start } from './sluice-process.ts';

/** A world in which 1.0.5 is offered one version. */
function worldOf(version: string): Bundle {
  return { releases: [releaseRow('MyApp', version)], rules: [ruleRow(1, `MyApp-${version}`)], config };
}

const first = makeFile('first.json', worldOf('2.0.1'));
const second = makeFile('second.json', worldOf('2.0.2'));
const asked = updatePath({ version: '1.0.5' });

async function inhabitedFolder(): Promise<string> {
  const data = makeFolder();
  await sluice('import', 'balrog', first, '--data', data);
  return data;
}

describe('what a command commits beside a running server is served at once:', () => {
  let data: string;
  let server: Server;
  beforeAll(async () => {
    data = await inhabitedFolder();
    server = await serve(data);
  });

  /** Runs a command while asking all the time, and measures from its acknowledgement to the first new answer. */
  async function latencyMs(args: readonly string[], newAnswer: string): Promise<number> {
    expect(offerIn(await server.ask(asked))).not.toBe(newAnswer);
    const command = start([...args, '--data', data]);
    let acknowledgedAt: number | undefined;
    command.child.stdout?.once('data', () => {
      acknowledgedAt = performance.now();
    });
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(2)) {
      if (offerIn(await server.ask(asked)) !== newAnswer) continue;
      const answeredAt = performance.now();
      const { code, stderr } = await command.ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // An answer may even come before the line that acknowledges the commit.
      return Math.max(0, answeredAt - (acknowledgedAt ?? answeredAt));
    }
    throw new Error(`the answer never became ${newAnswer}`);
  }

  const throttle = makeFile('throttle.yaml', 'kind: throttle\nproduct: MyApp\nversion: 1.0.5\npercent: 0\n');
  const merged = makeFile('merged.json', {
    releases: [releaseRow('MyApp', '2.0.3')],
    rules: [ruleRow(2, 'MyApp-2.0.3', { priority: 200, version: '1.0.5' })],
  });

  test('put, delete, import and import --merge', async () => {
    const steps = [
      { args: ['put', throttle], newAnswer: '-' },
      { args: ['delete', 'throttle', 'MyApp/1.0.5'], newAnswer: '2.0.1 minor' },
      { args: ['import', 'balrog', '--merge', merged], newAnswer: '2.0.3 minor' },
      { args: ['import', 'balrog', second], newAnswer: '2.0.2 minor' },
      { args: ['import', 'balrog', first], newAnswer: '2.0.1 minor' },
    ];
    const latencies: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const { args, newAnswer } of steps) latencies.push(await latencyMs(args, newAnswer));
    }
    latencies.sort((a, b) => a - b);
    const median = latencies[Math.floor(latencies.length / 2)] ?? Number.NaN;
    const slowest = latencies.at(-1) ?? Number.NaN;
    console.info(
      `${latencies.length} commits served after ${median.toFixed(0)} ms, the slowest ${slowest.toFixed(0)} ms`,
    );
    expect(median).toBeLessThanOrEqual(250);
    expect(slowest).toBeLessThanOrEqual(2000);
  });

  test('a second server on the folder is refused with one sentence, and the first goes on', async () => {
    const { code, stdout, stderr } = await run(['serve', '--data', data, '--public', '127.0.0.1:0']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`sluice: Another server owns this data folder: Process ${server.pid} serves from ${data}.\n`);
    expect(offerIn(await server.ask(asked))).toBe('2.0.1 minor');
  });
});

interface HalfRequest {
  finish(): void;
  /** All that came back, once the connection is closed. */
  readonly received: Promise<string>;
}

/** Sends a part of a request and leaves the connection open. */
function halfRequest(port: number): Promise<HalfRequest> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${asked} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `, () => resolve({ finish, received }));
    });
    const finish = () => socket.write('no more\r\n\r\n');
    socket.on('error', reject);
    const received = new Promise<string>((end) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      socket.once('close', () => end(text));
    });
  });
}

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

describe('a server', () => {
  test.concurrent.each(['SIGTERM', 'SIGINT'] as const)('drains and exits 0 within 3 s after %s', async (signal) => {
    const server = await serve(await inhabitedFolder());
    expect(offerIn(await server.ask(asked))).toBe('2.0.1 minor');
    const [left, finished] = [await halfRequest(server.port), await halfRequest(server.port)];
    await pause(50);
    const toldAt = performance.now();
    const stopped = server.stop(signal);
    await pause(300);
    finished.finish();
    const { code, signal: endedBy, stderr } = await stopped;
    expect({ code, endedBy }).toEqual({ code: 0, endedBy: null });
    expect(performance.now() - toldAt).toBeLessThan(3000);
    expect(stderr).not.toMatch(/"level":[56]0/);
    expect(await finished.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]* appVersion="2\.0\.1" /);
    // Cut, or told that it took too long: never left hanging.
    expect(await left.received).toMatch(/^$|^HTTP\/1\.1 40[08] /);
    expect(await refusesConnections(server.port)).toBe(true);
  });

  test('that is told to stop with its first word exits 0 all the same', async () => {
    const data = await inhabitedFolder();
    for (let round = 0; round < 5; round += 1) {
      const { child, ended } = start(['serve', '--data', data, '--public', '127.0.0.1:0']);
      child.stdout?.once('data', () => child.kill('SIGTERM'));
      const { code, signal } = await ended;
      expect({ code, signal }).toEqual({ code: 0, signal: null });
    }
  });

  test('leaves its folder to the next one, whatever ended it', async () => {
    const data = await inhabitedFolder();
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGINT'] as const) {
      const server = await serve(data);
      expect(offerIn(await server.ask(asked))).toBe('2.0.1 minor');
      await server.stop(signal);
    }
  });

  test('is the very process that was started, without children', async () => {
    const data = await inhabitedFolder();
    const server = await serve(data);
    expect(readFileSync(join(data, 'serve.pid'), 'utf8')).toBe(`${server.pid}\n`);
    expect(childrenOf(server.pid)).toEqual([]);
    // SIGKILL cannot be passed on: if another process listened, it would go on.
    expect(await refusesConnections(server.port)).toBe(false);
    await server.stop('SIGKILL');
    expect(await refusesConnections(server.port)).toBe(true);
  });
});

/** The processes that a process has started, where the system tells. */
function childrenOf(pid: number): readonly number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((one) => parentOf(one) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [, parent] = /^.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}
