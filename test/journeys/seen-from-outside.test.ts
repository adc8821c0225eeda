import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { families } from '../../packages/server/src/admin-faces/metrics/families.ts';
import { type Answer, ask, makeFolder, type Server, serve } from './sluice-process.ts';

const client = '20261010000000/Linux_x86_64-gcc3/en-US';
const rest = 'Linux/default/default/update.xml';
const path = (product: string, version: string, channel: string): string =>
  `/update/3/${product}/${version}/${client}/${channel}/${rest}`;

/** What is asked of the sample world, how often, and as what it is counted; `undefined` where nothing is decided. */
const questions = [
  {
    times: 7,
    url: path('MyApp', '1.0.5', 'release'),
    counted: 'product="MyApp",channel="release",outcome="held",reason="throttled"',
  },
  {
    times: 5,
    url: `${path('MyApp', '1.0.5', 'release-cck-acme')}?force=1`,
    counted: 'product="MyApp",channel="release",outcome="main",reason=""',
  },
  {
    times: 3,
    url: path('Nobody', '1.0', 'made-up'),
    counted: 'product="other",channel="other",outcome="held",reason="no-rule"',
  },
  { times: 4, url: '/update/3/nonsense', counted: undefined },
  { times: 2, url: '/__lbheartbeat__', counted: undefined },
] as const;

/** The numbers of our own metrics by name and labels. */
function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('sluice_'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const sumOf = (samples: ReadonlyMap<string, number>, start: string): number =>
  [...samples].reduce((sum, [name, value]) => (name.startsWith(start) ? sum + value : sum), 0);

describe.each([0, 2])('a server with --workers %i', (workers) => {
  let server: Server;
  beforeAll(async () => {
    server = await serve(makeFolder(), ['--sample', '--workers', `${workers}`]);
  });
  const askAdmin = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    ask(server.adminPort, url, headers);

  test('counts everything that it is asked, once', async () => {
    const before = samplesIn((await askAdmin('/metrics')).body);
    const statuses = new Map<number, number>();
    for (const { times, url } of questions) {
      for (let time = 0; time < times; time += 1) {
        const { status } = await server.ask(url);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
    const asked = questions.reduce((sum, { times }) => sum + times, 0);
    let samples = before;
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await pause(100)) {
      const { status, body } = await askAdmin('/metrics');
      expect(status).toBe(200);
      samples = samplesIn(body);
      if (sumOf(samples, 'sluice_requests_total') - sumOf(before, 'sluice_requests_total') >= asked) break;
    }
    const more = (name: string): number => sumOf(samples, name) - sumOf(before, name);
    for (const { times, counted } of questions)
      if (counted !== undefined) expect(more(`sluice_decisions_total{${counted}}`), counted).toBe(times);
    expect(more('sluice_decisions_total')).toBe(15);
    for (const [status, times] of statuses) expect(more(`sluice_requests_total{status="${status}"}`)).toBe(times);
    expect(more('sluice_requests_total')).toBe(asked);
    expect(more('sluice_request_duration_seconds_count')).toBe(asked);
    expect(more('sluice_ready_answers_total')).toBe(15);
    expect(samples.get('sluice_request_duration_seconds_bucket{le="+Inf"}')).toBe(
      samples.get('sluice_request_duration_seconds_count'),
    );
  });

  test('has every metric, and says how it is', async () => {
    const { headers, body } = await askAdmin('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const { name } of families) expect(body).toContain(`# HELP ${name} `);
    const samples = samplesIn(body);
    expect(samples.get('sluice_snapshot_revision')).toBe(1);
    expect(samples.get('sluice_store_up')).toBe(1);
    expect(samples.get('sluice_snapshot_fault')).toBe(0);
    expect(samples.get('sluice_workers{state="running"}')).toBe(workers);
    expect(samples.get('sluice_snapshot_age_seconds')).toBeLessThan(5);

    const health = await askAdmin('/health');
    expect(health.status).toBe(200);
    expect(JSON.parse(health.body)).toMatchObject({
      status: 'ok',
      checks: { store: { status: 'ok' }, snapshot: { status: 'ok' }, disk: { status: 'ok' } },
      revision: 1,
      snapshotFrom: 'store',
      workers: { wanted: workers, running: workers, restarted: 0 },
    });
    expect((await askAdmin('/health/live')).status).toBe(200);
  });

  test('tells none of this to clients, nor to a page that led a browser here', async () => {
    expect((await server.ask('/metrics')).status).toBe(404);
    expect((await server.ask('/health')).status).toBe(404);
    const { status, headers, body } = await askAdmin('/metrics', { Host: 'evil.example' });
    expect({ status, type: headers['content-type'] }).toEqual({ status: 403, type: 'application/problem+json' });
    expect(body).not.toContain('sluice_');
  });
});

test('a token that is wrong does not get in, and the right one does, under any name', async () => {
  const token = 'a-token-of-thirty-two-characters';
  const server = await serve(makeFolder(), ['--sample'], { environment: { SLUICE_ADMIN_TOKEN: token } });
  const statusFor = async (sent: string): Promise<number> =>
    (await ask(server.adminPort, '/metrics', { Host: 'metrics.example', Authorization: `Bearer ${sent}` })).status;
  expect([await statusFor('wrong'), await statusFor(token)]).toEqual([401, 200]);
  // From this machine too.
  expect((await ask(server.adminPort, '/metrics')).status).toBe(401);
  // The token stands nowhere in what the process says.
  expect(server.stdout() + server.stderr()).not.toContain(token);
});
