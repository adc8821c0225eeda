import type { Check, SnapshotSource } from '../../health.ts';
import { type CounterName, counterLabels } from '../../metrics/meter-reading.ts';
import type { Family, Observed } from './family.ts';
import { histogramSamples } from './histogram-samples.ts';
import { noticeFamilies } from './notice-families.ts';
import type { Sample } from './sample.ts';

const microsecond = 1e-6;
const sources: readonly SnapshotSource[] = ['store', 'disk', 'edge'];

/** A counter of the meter; `unit` is what one of its counts is worth. */
function counter(name: string, counts: CounterName, help: string, unit = 1): Family {
  const labels: readonly string[] = counterLabels[counts];
  return {
    name,
    help,
    type: 'counter',
    labels,
    samples: (observed) =>
      (observed.counts.get(counts) ?? []).map((count) => ({
        sharedLabels: labelled(labels, count.labels),
        value: count.value * unit,
      })),
  };
}

const labelledBefore = new WeakMap<readonly string[], Sample['sharedLabels']>();

/** The same object for the same list, which a meter gives out again and again. */
function labelled(labels: readonly string[], values: readonly string[]): Sample['sharedLabels'] {
  const known = labelledBefore.get(values);
  if (known !== undefined) return known;
  const made = Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
  labelledBefore.set(values, made);
  return made;
}

/** One number; it is left out for as long as it is not known. */
function gauge(name: string, help: string, value: (observed: Observed) => number | undefined): Family {
  return {
    name,
    help,
    type: 'gauge',
    labels: [],
    samples: (observed) => {
      const known = value(observed);
      return known === undefined ? [] : [{ sharedLabels: {}, value: known }];
    },
  };
}

const isOk = ({ status }: Check): number => (status === 'ok' ? 1 : 0);

/** Every metric of ours, in the order in which they are told. */
export const families: readonly Family[] = [
  counter('sluice_decisions_total', 'decisions', 'Decisions: main or fallback release, held, or invalid, and why.'),
  counter('sluice_requests_total', 'requests', 'Answers on the public listener by HTTP status.'),
  {
    name: 'sluice_request_duration_seconds',
    help: 'How long answers on the public listener took to make.',
    type: 'histogram',
    labels: counterLabels.durations,
    samples: ({ counts }) => histogramSamples('sluice_request_duration_seconds', counts),
  },
  counter('sluice_unanswered_total', 'unanswered', 'Requests that failed, by problem; bug is one nobody expected.'),
  counter('sluice_refused_total', 'refused', 'What the listener turned away by itself, and why.'),
  counter('sluice_ready_answers_total', 'readyAnswers', 'Request lines whose answer was ready (hit), or not (miss).'),
  counter('sluice_release_reads_total', 'releaseReads', 'Releases that were read because an answer needed them.'),
  counter('sluice_release_read_bytes_total', 'releaseReadBytes', 'Bytes of the releases that were read.'),
  counter(
    'sluice_release_read_seconds_total',
    'releaseReadMicroseconds',
    'Time that reading releases took.',
    microsecond,
  ),
  gauge('sluice_snapshot_revision', 'The revision that is being served.', ({ health }) => health.revision),
  gauge(
    'sluice_snapshot_age_seconds',
    'Time since what is being served was last known to be the newest.',
    // 0 is not a time: the node has only what it found on its disk, and nobody knows how old that is.
    ({ health, nowMs }) => (health.upToDateAtMs === 0 ? undefined : Math.max(0, nowMs - health.upToDateAtMs) / 1000),
  ),
  gauge(
    'sluice_snapshot_saved_revision',
    'The revision that is kept on disk; 0 for none.',
    ({ health }) => health.savedRevision,
  ),
  {
    name: 'sluice_snapshot_from',
    help: 'Where what is being served came from: 1 for that source, 0 for the others.',
    type: 'gauge',
    labels: ['source'],
    samples: ({ health }) =>
      sources.map((source) => ({ sharedLabels: { source }, value: source === health.snapshotFrom ? 1 : 0 })),
  },
  gauge(
    'sluice_snapshot_fault',
    '1 while the newest configuration does not compile and an older one is served.',
    ({ health }) => 1 - isOk(health.checks.snapshot),
  ),
  gauge(
    'sluice_store_up',
    '1 when the database, or the node that an edge follows, could be reached when last asked.',
    ({ health }) => isOk(health.checks.store),
  ),
  gauge(
    'sluice_sampled_lines',
    'Distinct request lines of the last hours that are kept for previews.',
    ({ health }) => health.sampledLines,
  ),
  {
    name: 'sluice_count_batches_total',
    help: 'Batches of counted checks that were brought to where they are kept, since the start.',
    type: 'counter',
    labels: [],
    samples: ({ health: { counting } }) =>
      counting === undefined ? [] : [{ sharedLabels: {}, value: counting.batches }],
  },
  gauge(
    'sluice_counts_waiting',
    'Counts of checks that are not where they are kept yet: batches, and what is in none.',
    ({ health: { counting } }) => counting && counting.waitingBatches + counting.waitingCounts,
  ),
  gauge(
    'sluice_counts_age_seconds',
    'Time since what is counted was last brought to where it is kept.',
    ({ health: { counting }, nowMs }) =>
      counting?.broughtAtMs === undefined ? undefined : Math.max(0, nowMs - counting.broughtAtMs) / 1000,
  ),
  gauge('sluice_disk_up', '1 when the snapshot could be kept on disk.', ({ health }) => isOk(health.checks.disk)),
  {
    name: 'sluice_workers',
    help: 'Processes that answer clients: wanted and running.',
    type: 'gauge',
    labels: ['state'],
    samples: ({ health: { workers } }) => [
      { sharedLabels: { state: 'wanted' }, value: workers.wanted },
      { sharedLabels: { state: 'running' }, value: workers.running },
    ],
  },
  {
    name: 'sluice_worker_restarts_total',
    help: 'Workers that were replaced since the start.',
    type: 'counter',
    labels: [],
    samples: ({ health }) => [{ sharedLabels: {}, value: health.workers.restarted }],
  },
  {
    name: 'sluice_worker_memory_bytes',
    help: 'Resident memory of each worker that runs.',
    type: 'gauge',
    labels: ['worker'],
    samples: ({ health: { workers } }) =>
      (workers.memoryBytes ?? []).map((value, worker) => ({ sharedLabels: { worker: String(worker) }, value })),
  },
  gauge(
    'sluice_certificate_expires_timestamp_seconds',
    'Until when the certificate of the public listener is valid, in Unix time; absent without TLS.',
    ({ health: { certificateExpiresAtMs } }) =>
      certificateExpiresAtMs === undefined ? undefined : certificateExpiresAtMs / 1000,
  ),
  ...noticeFamilies,
  {
    name: 'sluice_build_info',
    help: 'Always 1; the label says which version runs.',
    type: 'gauge',
    labels: ['version'],
    samples: ({ version }) => [{ sharedLabels: { version: version.version }, value: 1 }],
  },
];
