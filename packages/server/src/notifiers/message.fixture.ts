import type { Notice, NoticeEvent } from '../notice.ts';
import type { Message, Sending } from '../notifier.ts';

let count = 0;

/** A notice that is being sent. */
export function noticeOf(event: NoticeEvent = 'scheduled', rest: Partial<Notice> = {}): Notice {
  count += 1;
  const id = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
  const times = { createdAtMs: 1_764_583_200_000, sendAtMs: 1_764_583_200_000, nextAtMs: 1_764_583_200_000 };
  return { id, event, notifier: 'release-team', change: 12, ...times, state: 'sending', attempts: 1, ...rest };
}

/** A message as it is rendered. */
export function messageOf(rest: Partial<Message> = {}): Message {
  return {
    notice: noticeOf(),
    subject: '[prod] WILL ENACT 14:00Z: Firefox release rule 10 share 25 % -> 0 % (veto until 14:00Z)',
    summary: 'Change 12 will be enacted at 14:00Z unless somebody stops it.',
    sections: [
      {
        title: 'What it alters',
        rows: [
          ['object', 'field', 'before', 'after'],
          ['rule 10', 'share', '25 %', '0 %'],
        ],
      },
    ],
    links: [{ label: 'See it, and stop it', url: 'https://sluice.example.org/notice/change/12' }],
    thread: 'change-12',
    origin: 'https://sluice.example.org',
    data: { event: 'scheduled', change: { id: 12 } },
    ...rest,
  };
}

/** A way out that must not be used. */
export const nowhere: Sending['outside'] = {
  ask: () => Promise.reject(new Error('nothing is to be asked')),
  secret: () => {
    throw new Error('there is no secret');
  },
};
