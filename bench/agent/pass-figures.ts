import { setTimeout as pause } from 'node:timers/promises';
import { type Condition, type Reading, type SignalCondition, signalTruth } from 'sluice';
import { fakeServer } from '../../packages/server/src/agent/fake-server.fixture.ts';
import { openAgent } from '../../packages/server/src/agent/open-agent.ts';
import { comparisonOf } from '../../packages/server/src/app/conditions/comparison-of.ts';
import { figure, median } from '../harness.ts';

const changes = 10_000;
const signals = 200;
const history = 60;
const passes = 10;
const minuteMs = 60_000;

function comparisonFor(i: number): SignalCondition {
  return { checks: { product: `Product ${i % signals}` }, op: '>', value: 1_000_000 + i, for: 'PT1H' };
}

/** Looks at everything a number of times, and says what one look takes. */
export async function passFigures(speed: number): Promise<void> {
  const server = fakeServer();
  const far = new Date(Date.now() + 86_400_000).toISOString();
  for (let i = 0; i < changes; i += 1) {
    const condition: Condition = { all: [{ signal: comparisonFor(i) }, { time: { after: far } }] };
    server.put({ condition });
  }
  let read = 0;
  server.own = (): Reading => {
    read += 1;
    return { asOfMs: Date.now() + read, value: read, note: 'of a bench' };
  };
  const agent = openAgent({
    api: server.api(),
    settings: { passMs: 50, ownEveryMs: 0, leaseSeconds: 5 },
    readOutside: async () => ({ asOfMs: Date.now(), note: 'nothing is outside' }),
    nowMs: Date.now,
    draw: Math.random,
    log: { info: () => {}, warn: console.warn, error: console.error },
  });
  const looks = () => server.asked.get('statesSince') ?? 0;
  const spent: number[] = [];
  for (let seen = 0; seen < passes + 2; seen += 1) {
    const before = looks();
    const start = process.cpuUsage();
    while (looks() === before) await pause(1);
    const { user, system } = process.cpuUsage(start);
    spent.push((user + system) / 1e6);
  }
  const queries = (server.asked.get('readOwn') ?? 0) / Math.max(1, looks());
  await agent.stop();
  figure('a pass over 10 000 changes and 200 signals', median(spent.slice(2)), 'CPU seconds', { most: 1 / speed });
  figure('questions to the server about its counters, for each pass', queries, '', { most: 1.2 });
  figure('bare comparisons of the same', bareSeconds(), 'CPU seconds');
}

function bareSeconds(): number {
  const nowMs = Date.now();
  const readings = Array.from({ length: history }, (_, i): Reading => {
    return { asOfMs: nowMs - (history - i) * minuteMs, value: i, note: '' };
  });
  const start = process.cpuUsage();
  for (let i = 0; i < changes; i += 1) signalTruth(comparisonOf(comparisonFor(i)), readings, nowMs, nowMs - 86_400_000);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
