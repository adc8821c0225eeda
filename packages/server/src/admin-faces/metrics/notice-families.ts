import type { NoticeReading } from '../../app/notices/send-notices.ts';
import type { Family } from './family.ts';
import type { Sample } from './sample.ts';

type Samples = (reading: NoticeReading, nowMs: number) => readonly Sample[];

/** One that tells of notices; nothing on a node that sends none. */
function family(told: Omit<Family, 'samples'>, samples: Samples): Family {
  return { ...told, samples: ({ notices, nowMs }) => (notices === undefined ? [] : samples(notices, nowMs)) };
}

/** How notices stand and what became of them. */
export const noticeFamilies: readonly Family[] = [
  family(
    {
      name: 'sluice_notices_waiting',
      help: 'Notices that should have been sent by now and are not.',
      type: 'gauge',
      labels: ['notifier', 'event'],
    },
    ({ survey }) =>
      (survey?.waiting ?? []).map(({ notifier, event, count }) => ({
        sharedLabels: { notifier, event },
        value: count,
      })),
  ),
  family(
    {
      name: 'sluice_notices_oldest_seconds',
      help: 'How long the oldest of these has been late; 0 where there is none.',
      type: 'gauge',
      labels: [],
    },
    ({ survey }, nowMs) =>
      survey === undefined ? [] : [plain(Math.max(0, nowMs - (survey.waitingSinceMs ?? nowMs)) / 1000)],
  ),
  family(
    {
      name: 'sluice_changes_held',
      help: 'Changes that could be enacted, had anybody been told of them.',
      type: 'gauge',
      labels: [],
    },
    ({ survey }) => (survey === undefined ? [] : [plain(survey.held)]),
  ),
  family(
    {
      name: 'sluice_notice_attempts_total',
      help: 'Attempts of this node to send notices: delivered, to be tried later, or refused.',
      type: 'counter',
      labels: ['notifier', 'event', 'outcome'],
    },
    ({ attempts }) =>
      attempts.map(({ count, notifier, event, outcome }) => ({
        sharedLabels: { notifier, event, outcome },
        value: count,
      })),
  ),
  family(
    {
      name: 'sluice_notifier_delivered_timestamp_seconds',
      help: 'When a notifier last delivered something, in Unix time; absent before the first.',
      type: 'gauge',
      labels: ['notifier'],
    },
    ({ survey }) =>
      (survey?.notifiers ?? []).flatMap(({ name, deliveredAtMs }) =>
        deliveredAtMs === undefined ? [] : [{ sharedLabels: { notifier: name }, value: deliveredAtMs / 1000 }],
      ),
  ),
  family(
    {
      name: 'sluice_notifier_disabled',
      help: '1 while the other side wants no more, until the notifier has another version.',
      type: 'gauge',
      labels: ['notifier'],
    },
    ({ survey }) =>
      (survey?.notifiers ?? []).map(({ name, isDisabled }) => ({
        sharedLabels: { notifier: name },
        value: isDisabled ? 1 : 0,
      })),
  ),
];

function plain(value: number): Sample {
  return { sharedLabels: {}, value };
}
