import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reading } from 'sluice';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOutside } from '../../packages/server/src/app/readings/read-outside.ts';
import { type SignalBody, signal } from '../../packages/server/src/kinds/signal.ts';
import {
  behaviours,
  type HostileServer,
  startHostileServer,
} from '../../packages/server/src/outside/hostile-server.fixture.ts';
import { openOutside } from '../../packages/server/src/outside/open-outside.ts';
import { outsideSettings } from '../../packages/server/src/outside-settings.ts';
import { outsideSignals } from '../../packages/server/src/signals/index.ts';
import { type Prometheus, prometheusIsInstalled, startPrometheus } from './prometheus-process.ts';
import { makeFile, run } from './sluice-process.ts';

const outside = openOutside({ outside: outsideSettings.parse({ allow: ['127.0.0.1'] }), secrets: {} });

function read(written: object): Promise<Reading> {
  const body = signal.schema.parse(written) as SignalBody;
  const onBug = (error: unknown) => expect.fail(String(error));
  return readOutside(body, { signals: outsideSignals, outside, nowMs: Date.now(), onBug });
}

const reason = prometheusIsInstalled ? '' : ' (skipped: the package prometheus is not installed)';

describe.skipIf(!prometheusIsInstalled)(`a real Prometheus${reason}`, () => {
  let target: Server;
  let prometheus: Prometheus;
  const ask = (query: string, rest: object = {}): Promise<Reading> =>
    read({ source: 'prometheus', url: prometheus.url, query, ...rest });

  /** Reads again until it is so, since Prometheus looks once a second. */
  async function until(query: string, isSo: (reading: Reading) => boolean): Promise<Reading> {
    for (let tries = 0; ; tries += 1) {
      const reading = await ask(query);
      if (isSo(reading)) return reading;
      if (tries === 100) throw new Error(`${query}: ${JSON.stringify(reading)}`);
      await pause(200);
    }
  }

  beforeAll(async () => {
    const metrics = 'crashes{channel="release"} 1.5\ncrashes{channel="beta"} 4\n';
    target = createServer((_request, reply) => reply.end(metrics)).listen(0, '127.0.0.1');
    await once(target, 'listening');
    const { port } = target.address() as { readonly port: number };
    prometheus = await startPrometheus({ targets: { app: `127.0.0.1:${port}` }, rules: 'groups: []' });
    await until('crashes{channel="beta"}', ({ value }) => value === 4);
  }, 60_000);
  afterAll(async () => {
    target?.close();
    await prometheus?.stop();
  });

  test('gives one number, and the time of its data by a watermark', async () => {
    const beforeMs = Date.now();
    const query = 'crashes{channel="release"}';
    expect(await ask(query)).toEqual({
      value: 1.5,
      asOfMs: expect.toSatisfy((atMs: number) => atMs >= beforeMs - 1 && atMs <= Date.now()),
      note: `${query} at ${prometheus.url.slice(7)}: 1 sample`,
    });
    const marked = await ask(query, { watermark: `min(timestamp(${query}))` });
    expect(marked.value).toBe(1.5);
    expect(marked.asOfMs).toBeGreaterThan(beforeMs - 60_000);
    expect(marked.asOfMs).toBeLessThan(Date.now());
    expect(await ask('scalar(crashes{channel="release"}) + 1')).toMatchObject({ value: 2.5 });
  });

  test('makes one of several only where it is told how', async () => {
    expect((await ask('crashes')).note).toContain('there are 2 samples and no aggregator');
    expect(await ask('crashes', { aggregator: 'max' })).toMatchObject({
      value: 4,
      note: expect.stringMatching(/: max of 2 samples$/),
    });
    expect(await ask('crashes', { aggregator: 'avg' })).toMatchObject({ value: 2.75 });
  });

  test.each([
    ['nothing_like_it', 'there is no data'],
    ['vector(1) / 0', 'its value is +Inf'],
    ['vector(-1) / 0', 'its value is -Inf'],
    ['vector(0) / 0', 'its value is NaN'],
    ['scalar(crashes)', 'its value is NaN'],
    ['crashes{channel="beta"}[1m]', 'it is a matrix'],
    ['"4"', 'it is a string'],
    ['crashes{', 'it answered 400: bad_data: '],
    ['crashes * on() crashes', 'it answered 422: execution: '],
  ])('gives no number for %s, and says why', async (query, why) => {
    const reading = await ask(query);
    expect(reading).not.toHaveProperty('value');
    expect(reading.note).toContain(why);
  });

  test('is not at another address', async () => {
    expect((await ask('crashes', { url: `${prometheus.url}/elsewhere` })).note).toContain('it answered 404 with text/');
  });

  test('is read by a command, with the configuration of the machine', async () => {
    const written = { kind: 'signal', name: 'beta', source: 'prometheus', url: prometheus.url };
    const file = makeFile('signal.json', { ...written, query: 'crashes{channel="beta"}' });
    const command = ['signal', 'read', '--file', file];
    const [allowed, refused] = await Promise.all([
      run([...command, '--set', 'outside.allow=["127.0.0.0/8"]']),
      run([...command, '--json']),
    ]);
    expect(allowed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^beta: 4 as of 20.*Z\n {2}crashes/) });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual([
      { name: 'beta', asOf: expect.any(String), note: expect.stringContaining('outside.allow does not name it') },
    ]);
  });

  test('has no data soon after its target has gone, and the watermark of what it remembers stands still', async () => {
    target.closeAllConnections();
    target.close();
    const query = 'crashes{channel="beta"}';
    expect((await until(query, ({ value }) => value === undefined)).note).toContain('there is no data');
    const remembered = { watermark: `max_over_time(timestamp(${query})[1m:1s])` };
    const first = await ask(`last_over_time(${query}[1m])`, remembered);
    await pause(1100);
    const second = await ask(`last_over_time(${query}[1m])`, remembered);
    expect(first.value).toBe(4);
    expect(second).toEqual(first);
  }, 60_000);
});

describe('a hostile server', () => {
  let server: HostileServer;
  beforeAll(async () => {
    server = await startHostileServer();
  });
  afterAll(() => server.close());

  const ask = (path: string): Promise<Reading> =>
    read({ source: 'http-json', url: `${server.origin}${path}`, value: '/value', timeout: 'PT0.4S' });

  test.each(['/good', '/twice', '/longer-than-said'])('is believed at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ value: 7 });
  });

  test('is not believed anywhere else, and says nothing in longer than is allowed', async () => {
    const paths = Object.keys(behaviours).filter((path) => !['/good', '/twice', '/longer-than-said'].includes(path));
    const readings = await Promise.all(paths.map(async (path) => ({ path, ...(await ask(path)) })));
    expect(readings.filter((reading) => 'value' in reading)).toEqual([]);
    expect(readings.length).toBeGreaterThan(18);
    expect(readings.filter(({ note }) => /not read within|nobody foresaw/.test(note))).toEqual([]);
  });
});
