import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminApp } from '../../packages/server/src/admin-face.ts';
import { adminFaces } from '../../packages/server/src/admin-faces/index.ts';
import { families } from '../../packages/server/src/admin-faces/metrics/families.ts';
import { openAgentMeter } from '../../packages/server/src/agent/agent-meter.ts';
import type { Health } from '../../packages/server/src/health.ts';
import { type OpenAdminListener, openAdminListener } from '../../packages/server/src/http/admin-listener.ts';
import { decisions } from '../../packages/server/src/metrics/decision.fixture.ts';
import { Meter } from '../../packages/server/src/metrics/meter.ts';
import { parseStructured } from '../../packages/server/src/structured-text.ts';
import { type Prometheus, prometheusIsInstalled, startPrometheus } from './prometheus-process.ts';
import { ask, makeFolder, root, type Server, serve } from './sluice-process.ts';

const alertsFile = join(root, 'docs/operating/prometheus-alerts.yml');
const alertsText = readFileSync(alertsFile, 'utf8');
const dashboardText = readFileSync(join(root, 'docs/operating/grafana-dashboard.json'), 'utf8');

interface AlertRules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

interface Dashboard {
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  }[];
}

const alerts = (parseStructured(alertsText, 'invalid-config', alertsFile) as AlertRules).groups.flatMap(
  ({ rules }) => rules,
);
const { panels, annotations } = JSON.parse(dashboardText) as Dashboard;
const targets = panels.flatMap(({ title, targets: shown = [] }) =>
  shown.map(({ expr, datasource }) => ({ title, expr, datasource })),
);

/** An expression of the dashboard as Grafana would ask it. */
function asked(expression: string, instance: string): string {
  return expression
    .replaceAll('$__rate_interval', '10s')
    .replaceAll('$__range', '1m')
    .replaceAll('$instance', instance)
    .replaceAll('$product', '.+');
}

/** A question of the sample world. */
const path = (product: string): string =>
  `/update/3/${product}/1.0.5/20261010000000/Linux_x86_64-gcc3/en-US/release/Linux/default/default/update.xml`;

/** Exit code and all that a program printed. */
function run(program: string, args: readonly string[], input = ''): Promise<{ code: number; printed: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], (error, stdout, stderr) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        printed: stdout + stderr,
      }),
    );
    child.stdin?.end(input);
  });
}

describe('the alerts and the dashboard', () => {
  const named = (text: string) => new Set(text.match(/\bsluice_\w+|\bprocess_\w+/g) ?? []);

  test('name only metrics that there are, and leave none of them out', async () => {
    const ours = families.map(({ name }) => name);
    const agent = openAgentMeter(() => ({ isReady: true, pending: 0, oldestReadyAtMs: undefined }), Date.now);
    const ofAgents = [...(await agent.text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
    const known = new Set([
      ...ours,
      ...ofAgents,
      ...ours.map((name) => `${name}_bucket`),
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
    const shown = named(`${dashboardText} ${alerts.map(({ expr }) => expr).join(' ')}`);
    expect([...shown].filter((name) => !known.has(name))).toEqual([]);
    expect(ours.filter((name) => !shown.has(name) && !shown.has(`${name}_bucket`))).toEqual([]);
  });

  test('are listed on their page, each with its severity', () => {
    const page = readFileSync(join(root, 'docs/operating/metrics.md'), 'utf8').replaceAll(/ +/g, ' ');
    const severities = [...alertsText.matchAll(/- alert: (\w+)[\s\S]*?severity: (\w+)/g)];
    expect(severities).toHaveLength(alerts.length);
    for (const [, alert, severity] of severities) expect(page).toContain(`| \`${alert}\` | ${severity} |`);
  });

  test('take their data from the source that is chosen', () => {
    expect(targets.length).toBeGreaterThan(20);
    for (const { datasource } of targets) expect(datasource.uid).toMatch(/^\$\{datasource\}$/);
  });
});

const reason = prometheusIsInstalled ? '' : ' (skipped: the package prometheus is not installed)';

describe.skipIf(!prometheusIsInstalled)(`a real Prometheus${reason}`, () => {
  const meter = new Meter();
  const ok = { status: 'ok' } as const;
  const well: Health['checks'] = { store: ok, snapshot: ok, disk: ok };
  let checks = well;
  let wellAtMs = Date.now();
  const app: AdminApp = {
    health: () => ({
      checks,
      revision: 7,
      upToDateAtMs: wellAtMs,
      snapshotFrom: 'store',
      savedRevision: 7,
      sampledLines: 700,
      workers: { wanted: 2, running: 2, restarted: 0, memoryBytes: [1e8, 1.1e8] },
      certificateExpiresAtMs: Date.now() + 30 * 86_400_000,
      counting: { batches: 7, waitingBatches: 0, waitingCounts: 2, broughtAtMs: wellAtMs },
    }),
    reading: () => meter.read(),
    notices: () => ({
      survey: {
        waiting: [{ notifier: 'mail', event: 'crossed', count: 1 }],
        held: 0,
        notifiers: [{ name: 'mail', isDisabled: false, deliveredAtMs: Date.now() - 1000 }],
      },
      attempts: [{ notifier: 'mail', event: 'crossed', outcome: 'delivered', count: 1 }],
    }),
    nowMs: Date.now,
    version: { source: 'sluice', version: '1.2.3', commit: '', build: '' },
  };
  let listener: OpenAdminListener;
  let instance: string;
  let server: Server;
  let prometheus: Prometheus;
  let clients: NodeJS.Timeout;
  let asking: Promise<void>;
  let isOver = false;

  beforeAll(async () => {
    const faces = adminFaces.map(({ authorisation, open }) => ({ authorisation, routes: open(app) }));
    const onBug = (_: string, error: unknown) => expect.fail(String(error));
    listener = await openAdminListener({ host: '127.0.0.1', port: 0 }, { faces, onBug });
    const slots = Object.values(decisions).map((decision) => meter.decisionSlot('MyApp', 'release', decision));
    clients = setInterval(() => {
      if (checks.store.status === 'ok') wellAtMs = Date.now();
      for (const slot of slots) meter.countDecision(slot);
      meter.answered(200, 0.0003);
      meter.answered(404, 0.0001);
      meter.refused('headers-too-large');
      meter.readyHit();
      meter.readyMiss();
      meter.releaseRead(1000, 0.001);
    }, 20);
    // What an alert waits for would take minutes.
    const impatient = alertsText.replaceAll(/for: \d+m/g, 'for: 1s').replaceAll('> 300', '> 2');
    instance = `127.0.0.1:${listener.port}`;
    server = await serve(makeFolder(), ['--sample', '--workers', '2']);
    asking = askOn();
    const targets = { sluice: instance, served: `127.0.0.1:${server.adminPort}` };
    prometheus = await startPrometheus({ targets, rules: impatient });
  });
  afterAll(async () => {
    clearInterval(clients);
    isOver = true;
    await asking;
    await prometheus?.stop();
    await listener?.close(0);
  });

  /** Somebody always asks the server, for something that it does not know. */
  async function askOn(): Promise<void> {
    while (!isOver) {
      await server.ask(path('Nobody'));
      await pause(50);
    }
  }

  /** Asks until the answer is as it should be; Prometheus needs some seconds to have seen anything. */
  async function soon<T>(what: () => Promise<T>, isIt: (answer: T) => boolean): Promise<T> {
    for (const deadline = Date.now() + 25_000; ; await pause(200)) {
      const answer = await what();
      if (isIt(answer) || Date.now() > deadline) return answer;
    }
  }

  test('reads what the node tells, and knows help and unit of it', async () => {
    const text = await (await fetch(`http://127.0.0.1:${listener.port}/metrics`)).text();
    const ours = text.slice(0, text.indexOf('# HELP process_'));
    expect(ours).toContain('sluice_build_info');
    expect(await run('/usr/bin/promtool', ['check', 'metrics'], ours)).toEqual({ code: 0, printed: '' });
    const up = await soon(
      () => prometheus.query('up{job="sluice"}'),
      (series) => series[0]?.value === 1,
    );
    expect(up.map(({ value }) => value)).toEqual([1]);
  });

  test('takes the alert rules, which fire when they should and only then', async () => {
    expect(await run('/usr/bin/promtool', ['check', 'rules', alertsFile])).toMatchObject({ code: 0 });
    const cases = join(root, 'test/journeys/alert-rules.yml');
    expect(await run('/usr/bin/promtool', ['test', 'rules', cases])).toMatchObject({ code: 0 });
    const fired = new Set(
      [...readFileSync(cases, 'utf8').matchAll(/alertname: (\w+)\n\s*exp_alerts:\n/g)].map(([, name]) => name),
    );
    expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
  });

  test('answers every panel of the dashboard with numbers', async () => {
    for (const { title, expr } of targets) {
      const series = await soon(
        () => prometheus.query(asked(expr, instance)),
        (answered) => answered.length > 0 && answered.every(({ value }) => Number.isFinite(value)),
      );
      expect(series.length, `${title}: ${expr}`).toBeGreaterThan(0);
      for (const { value } of series) expect(value, `${title}: ${expr}`).toSatisfy(Number.isFinite);
    }
    for (const { name, expr } of annotations.list)
      expect(await prometheus.query(asked(expr, instance)), name).toEqual([]);
  });

  test('sees each decision under its product, channel, outcome and reason', async () => {
    const held = 'sluice_decisions_total{job="sluice",product="MyApp",channel="release",outcome="held"}';
    const series = await prometheus.query(held);
    expect(series.map(({ metric }) => metric['reason']).sort()).toEqual(['no-rule', 'not-newer', 'outside-share']);
    for (const { value } of series) expect(value).toBeGreaterThan(10);
  });

  test('sees what clients ask of a server with two workers', async () => {
    for (let time = 0; time < 20; time += 1) expect((await server.ask(path('MyApp'))).status).toBe(200);
    const counted = await soon(
      () => prometheus.query('sum by (outcome, reason) (sluice_decisions_total{job="served",product="MyApp"})'),
      ([first]) => first?.value === 20,
    );
    expect(counted).toEqual([{ metric: { outcome: 'held', reason: 'throttled' }, value: 20 }]);
    const workers = await prometheus.query('sluice_workers{job="served",state="running"}');
    expect(workers.map(({ value }) => value)).toEqual([2]);
    const text = (await ask(server.adminPort, '/metrics')).body;
    const ours = text.slice(0, text.indexOf('# HELP process_'));
    expect(await run('/usr/bin/promtool', ['check', 'metrics'], ours)).toEqual({ code: 0, printed: '' });
  });

  test('fires nothing while all is well, and what is wrong when it is', async () => {
    const quiet = await soon(prometheus.firing, (names) => names.length === 0);
    expect(quiet).toEqual([]);
    const error = { status: 'error' } as const;
    checks = { store: error, snapshot: error, disk: error };
    const wanted = ['SluiceDiskDown', 'SluiceSnapshotFault', 'SluiceSnapshotStale', 'SluiceStoreDown'];
    const loud = await soon(prometheus.firing, (names) => wanted.every((name) => names.includes(name)));
    expect(loud).toEqual(expect.arrayContaining(wanted));
    checks = well;
    expect(await soon(prometheus.firing, (names) => names.length === 0)).toEqual([]);
  });
});
