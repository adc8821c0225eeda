import { afterEach } from 'vitest';
import type { Notice } from '../../notice.ts';
import type { Delivery, Message, Notifier, Sending } from '../../notifier.ts';
import type { Outside } from '../../signal.ts';
import type { Changing } from '../changes/desk.ts';
import { type SendingNotices, type SendOptions, sendNotices } from './send-notices.ts';

/** Nothing is asked of it by ways of sending that stay in the process. */
const nowhere: Outside = {
  ask: async () => Promise.reject(new Error('nobody goes out here')),
  secret: () => 'none',
};

/** A message with nothing in it but its notice. */
export function bareMessage(notice: Notice): Message {
  const thread = String(notice.change ?? notice.id);
  return { notice, subject: notice.event, summary: '', sections: [], links: [], thread, origin: 'http://s', data: {} };
}

/** A webhook that stays in the process: it remembers what came and answers as it is told. */
export function openEar(answer: (messages: readonly Message[], sending: Sending) => Delivery | Promise<Delivery>) {
  const heard: (readonly Message[])[] = [];
  const ear: Notifier<'webhook'> = {
    transport: 'webhook',
    summary: 'an ear',
    deliver: async (messages, _, sending) => {
      heard.push(messages);
      return answer(messages, sending);
    },
  };
  return { heard, ear: ear as unknown as Notifier };
}

export const came: Delivery = { kind: 'delivered', note: 'came' };
export const busy: Delivery = { kind: 'later', trouble: 'busy' };

/** Gives a function that sends notices until the test ends. */
export function sendersForTest() {
  const open: SendingNotices[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
  });
  return (changing: Changing, ear: Notifier, more: Partial<SendOptions> = {}) => {
    const troubles: unknown[] = [];
    const sender = sendNotices({
      changing,
      notifiers: [ear],
      render: async (_, notice) => bareMessage(notice),
      sending: { outside: nowhere },
      onTrouble: (error) => troubles.push(error),
      everyMs: 5,
      ...more,
    });
    open.push(sender);
    return { ...sender, troubles };
  };
}
