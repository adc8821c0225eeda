import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { counterLabels } from '../../metrics/meter-reading.ts';
import { byCounter } from './by-counter.ts';
import { families } from './families.ts';
import type { Family, Observed } from './family.ts';

const page = readFileSync(new URL('../../../../../docs/operating/metrics.md', import.meta.url), 'utf8').replaceAll(
  / +/g,
  ' ',
);

function rowOf({ name, type, labels, help }: Pick<Family, 'name' | 'type' | 'labels' | 'help'>): string {
  const told = labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${told === '' ? '' : `${told} `}| ${help} |`;
}

/** The rows of a page that differ from those that there should be. */
function differences(text: string, wanted: readonly Pick<Family, 'name' | 'type' | 'labels' | 'help'>[]) {
  // What agents tell is held together with the page beside them.
  const rows = text.split('\n').filter((line) => /^\| `sluice_(?!agent_)/.test(line));
  const right = wanted.map(rowOf);
  return [...rows.filter((row) => !right.includes(row)), ...right.filter((row) => !rows.includes(row))];
}

describe('the page of the metrics', () => {
  test('has a row for each of them, and no other', () => {
    expect(differences(page, families)).toEqual([]);
  });

  test('would not pass with a row too many, too few or wrong', () => {
    const [first, second] = families as [Family, Family];
    expect(differences(rowOf(first), [first])).toEqual([]);
    expect(differences(`${rowOf(first)}\n${rowOf(second)}`, [first])).toHaveLength(1);
    expect(differences('', [first])).toHaveLength(1);
    expect(differences(rowOf({ ...first, labels: ['x'] }), [first])).toHaveLength(2);
  });
});

describe('a metric', () => {
  const error = { status: 'error' } as const;
  const observed: Observed = {
    counts: byCounter(
      Object.entries(counterLabels).map(([name, labels]) => ({
        name: name as keyof typeof counterLabels,
        labels: labels.map((label) => (label === 'le' ? '0.5' : `a ${label}`)),
        value: 3,
      })),
    ),
    health: {
      checks: { store: error, snapshot: error, disk: error },
      revision: 1,
      upToDateAtMs: 500,
      snapshotFrom: 'edge',
      savedRevision: 1,
      workers: { wanted: 1, running: 1, restarted: 1, memoryBytes: [1, 2] },
      certificateExpiresAtMs: 2_000,
      sampledLines: 5,
      counting: { batches: 7, waitingBatches: 1, waitingCounts: 7, broughtAtMs: 500 },
    },
    nowMs: 1500,
    notices: {
      survey: {
        waiting: [{ notifier: 'mail', event: 'crossed', count: 2 }],
        waitingSinceMs: 500,
        held: 1,
        notifiers: [{ name: 'mail', isDisabled: true, deliveredAtMs: 4000 }],
      },
      attempts: [{ notifier: 'mail', event: 'crossed', outcome: 'later', count: 7 }],
    },
    version: { source: '', version: '1', commit: '', build: '' },
  };

  test.each(families.map((family) => [family.name, family] as const))('%s has the labels that it says', (_, family) => {
    const samples = family.samples(observed).filter(({ metricName = '' }) => !/_(sum|count)$/.test(metricName));
    expect(samples.length).toBeGreaterThan(0);
    for (const { sharedLabels } of samples) expect(Object.keys(sharedLabels)).toEqual(family.labels);
  });

  test('is there for each thing that is counted', () => {
    const shown = families.flatMap((family) => family.samples({ ...observed, nowMs: 0 }).map(({ value }) => value));
    // Each counter stands at 3, the histogram's bucket, the bucket without end and its count too.
    expect(shown.filter((value) => value === 3)).toHaveLength(Object.keys(counterLabels).length - 2 + 2);
  });

  const values = (name: string, differences: Partial<Observed['health']> = {}) =>
    families
      .find((family) => family.name === name)
      ?.samples({ ...observed, health: { ...observed.health, ...differences } })
      .map(({ value }) => value);

  test('that is not known is left out, and not told as 0', () => {
    expect(values('sluice_snapshot_age_seconds', { upToDateAtMs: 0 })).toEqual([]);
    expect(values('sluice_certificate_expires_timestamp_seconds', { certificateExpiresAtMs: undefined })).toEqual([]);
    expect(values('sluice_counts_age_seconds', { counting: undefined })).toEqual([]);
    const untold = { batches: 0, waitingBatches: 0, waitingCounts: 0 };
    expect(values('sluice_counts_age_seconds', { counting: untold })).toEqual([]);
    const workers = { wanted: 0, running: 0, restarted: 0 };
    expect(values('sluice_worker_memory_bytes', { workers })).toEqual([]);
  });

  test('tells of time in seconds', () => {
    expect(values('sluice_release_read_seconds_total')?.[0]).toBeCloseTo(0.000_003, 12);
    expect(values('sluice_snapshot_age_seconds')).toEqual([1]);
    expect(values('sluice_counts_age_seconds')).toEqual([1]);
    expect(values('sluice_certificate_expires_timestamp_seconds')).toEqual([2]);
  });
});

test('buckets that two versions of a node counted apart are put in order, and each holds those below it', () => {
  const bucket = (le: string, value: number) => ({ name: 'durations', labels: [le], value }) as const;
  const counts = byCounter([
    bucket('+Inf', 1),
    bucket('0.5', 2),
    bucket('0.00005', 4),
    bucket('1', 8),
    bucket('0.1', 16),
  ]);
  const histogram = families.find(({ type }) => type === 'histogram');
  const samples = histogram?.samples({ counts } as Observed) ?? [];
  expect(samples.map(({ sharedLabels, value }) => [sharedLabels['le'], value])).toEqual([
    ['0.00005', 4],
    ['0.1', 20],
    ['0.5', 22],
    ['1', 30],
    ['+Inf', 31],
    [undefined, 0],
    [undefined, 31],
  ]);
});
