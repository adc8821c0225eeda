import { describe, expect, test } from 'vitest';
import { decisions } from '../metrics/decision.fixture.ts';
import { Meter } from '../metrics/meter.ts';
import { anAdminApp } from './admin-app.fixture.ts';
import { families } from './metrics/families.ts';
import { metrics } from './metrics.ts';

async function scrape(app = anAdminApp()): Promise<string> {
  const response = await metrics.open(app).request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

/** The lines of our own metrics, without HELP and TYPE. */
function samplesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith('sluice_'));
}

describe('/metrics', () => {
  test('has help and type of every metric, and those of the process', async () => {
    const text = await scrape();
    for (const { name, help, type } of families) {
      expect(text).toContain(`# HELP ${name} ${help}\n`);
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
    }
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  test('tells what the meter counted', async () => {
    const meter = new Meter();
    const slot = meter.decisionSlot('MyApp', 'release', decisions.noRule);
    meter.countDecision(slot);
    meter.countDecision(slot);
    meter.countDecision(meter.decisionSlot('He said "\\"', 'beta\n', decisions.main));
    for (const seconds of [0.000_04, 0.000_04, 0.02, 7]) meter.answered(200, seconds);
    meter.refused('uri-too-long');
    meter.unanswered('snapshot-damaged');
    meter.readyHit();
    meter.releaseRead(1024, 0.5);
    const app = anAdminApp();
    app.count(meter.read());
    const samples = samplesOf(await scrape(app));
    for (const sample of [
      'sluice_decisions_total{product="MyApp",channel="release",outcome="held",reason="no-rule"} 2',
      'sluice_decisions_total{product="He said \\"\\\\\\"",channel="beta\\n",outcome="main",reason=""} 1',
      'sluice_requests_total{status="200"} 4',
      'sluice_request_duration_seconds_bucket{le="0.00005"} 2',
      'sluice_request_duration_seconds_bucket{le="0.01"} 2',
      'sluice_request_duration_seconds_bucket{le="0.025"} 3',
      'sluice_request_duration_seconds_bucket{le="1"} 3',
      'sluice_request_duration_seconds_bucket{le="+Inf"} 4',
      'sluice_request_duration_seconds_sum 7.02008',
      'sluice_request_duration_seconds_count 4',
      'sluice_refused_total{reason="uri-too-long"} 1',
      'sluice_unanswered_total{problem="snapshot-damaged"} 1',
      'sluice_unanswered_total{problem="bug"} 0',
      'sluice_ready_answers_total{result="hit"} 1',
      'sluice_ready_answers_total{result="miss"} 0',
      'sluice_release_reads_total 1',
      'sluice_release_read_bytes_total 1024',
      'sluice_release_read_seconds_total 0.5',
    ])
      expect(samples).toContain(sample);
  });

  test('tells how the node is', async () => {
    const app = anAdminApp();
    app.change({
      snapshotFrom: 'disk',
      workers: { wanted: 3, running: 2, restarted: 5, memoryBytes: [1024, 2048] },
      certificateExpiresAtMs: 1_795_253_646_500,
    });
    const samples = samplesOf(await scrape(app));
    for (const sample of [
      'sluice_snapshot_revision 7',
      'sluice_snapshot_age_seconds 2',
      'sluice_snapshot_saved_revision 6',
      'sluice_snapshot_from{source="store"} 0',
      'sluice_snapshot_from{source="disk"} 1',
      'sluice_snapshot_from{source="edge"} 0',
      'sluice_snapshot_fault 0',
      'sluice_store_up 1',
      'sluice_disk_up 1',
      'sluice_workers{state="wanted"} 3',
      'sluice_workers{state="running"} 2',
      'sluice_worker_restarts_total 5',
      'sluice_worker_memory_bytes{worker="0"} 1024',
      'sluice_worker_memory_bytes{worker="1"} 2048',
      'sluice_certificate_expires_timestamp_seconds 1795253646.5',
      'sluice_build_info{version="1.2.3"} 1',
    ])
      expect(samples).toContain(sample);
  });

  test('tells what is wrong', async () => {
    const app = anAdminApp();
    const error = { status: 'error' } as const;
    app.change({ checks: { store: error, snapshot: error, disk: error }, upToDateAtMs: 2_000_000 });
    const samples = samplesOf(await scrape(app));
    for (const sample of [
      'sluice_store_up 0',
      'sluice_disk_up 0',
      'sluice_snapshot_fault 1',
      // A clock that was put back makes nothing negative.
      'sluice_snapshot_age_seconds 0',
    ])
      expect(samples).toContain(sample);
  });

  test('has no two lines for one thing, and no value that is no number', async () => {
    const samples = samplesOf(await scrape());
    const names = samples.map((sample) => sample.slice(0, sample.lastIndexOf(' ')));
    expect(new Set(names).size).toBe(names.length);
    for (const sample of samples) expect(sample).toMatch(/ \d+(\.\d+)?$/);
  });

  test('stays quick with as many series as there may be', async () => {
    const meter = new Meter();
    for (let product = 0; product < 20_000; product += 1)
      meter.countDecision(meter.decisionSlot(`P${product}`, 'release', decisions.main));
    const app = anAdminApp();
    app.count(meter.read());
    const startedAt = performance.now();
    const text = await scrape(app);
    console.info(`20 000 series: ${(performance.now() - startedAt).toFixed(0)} ms, ${text.length} characters`);
    expect(samplesOf(text).length).toBeGreaterThan(20_000);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('the names of metrics', () => {
  test.each(families.map((family) => [family.name, family] as const))(
    '%s is named as Prometheus wants',
    (name, family) => {
      expect(name).toMatch(/^sluice_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(family.type === 'counter');
      expect(family.help).toMatch(/^[A-Z1].*\.$/);
    },
  );
});
