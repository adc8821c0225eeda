import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from './sluice-process.ts';

/** Whether Debian's package is installed. */
export const prometheusIsInstalled = existsSync('/usr/bin/prometheus') && existsSync('/usr/bin/promtool');

/** One series of an answer: its labels and its newest value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus that reads nodes every second. */
export interface Prometheus {
  readonly url: string;
  /** @throws Error with what Prometheus says of an expression that it cannot read. */
  query(expression: string): Promise<readonly Series[]>;
  /** The names of the alerts that fire. */
  firing(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Where metrics are, as `HOST:PORT`, by the names of their jobs. */
  readonly targets: Readonly<Record<string, string>>;
  /** The text of a file of alert rules. */
  readonly rules: string;
}

const startMs = 30_000;

export async function startPrometheus({ targets, rules }: PrometheusOptions): Promise<Prometheus> {
  const folder = makeFolder();
  writeFileSync(join(folder, 'rules.yml'), rules);
  const scrapes = Object.entries(targets).map(([name, target]) => ({
    job_name: name,
    static_configs: [{ targets: [target] }],
  }));
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  writeFileSync(
    join(folder, 'prometheus.yml'),
    JSON.stringify({ global, rule_files: ['rules.yml'], scrape_configs: scrapes }),
  );
  const port = await freePort();
  const child = spawn(
    '/usr/bin/prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const base = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + startMs; ; await pause(50)) {
    const ready = await fetch(`${base}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      kill();
      throw new Error(`Prometheus does not start: ${said}`);
    }
  }
  return {
    url: base,
    query: async (expression) => {
      const { result } = await get<{ readonly result: readonly Answered[] }>(base, 'query', { query: expression });
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    firing: async () => {
      const { alerts } = await get<{ readonly alerts: readonly Alert[] }>(base, 'alerts', {});
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
    },
    stop: async () => {
      process.off('exit', kill);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

interface Answered {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

interface Alert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function get<Data>(base: string, path: string, asked: Readonly<Record<string, string>>): Promise<Data> {
  const response = await fetch(`${base}/api/v1/${path}?${new URLSearchParams(asked)}`);
  const { status, error, data } = (await response.json()) as { status: string; error?: string; data: Data };
  if (status !== 'success') throw new Error(`${JSON.stringify(asked)}: ${error}`);
  return data;
}

/** Prometheus does not tell which port it took, so one is found for it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : Number.NaN;
}
