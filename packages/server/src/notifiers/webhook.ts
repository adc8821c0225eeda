import type { Notifier } from '../notifier.ts';
import { postEach } from './http/post-each.ts';
import { postOnce } from './http/post-once.ts';
import { cloudEvent } from './webhook/cloud-event.ts';
import { signatureOf } from './webhook/signature-of.ts';

/**
 * A webhook: one event each, so that programs can tell them apart by their ids. Sources: CloudEvents 1.0.2, HTTP protocol
 * binding, section 3.2; Standard Webhooks 1.0.0.
 */
export const webhook: Notifier<'webhook'> = {
  transport: 'webhook',
  summary: 'a webhook: CloudEvents as JSON, signed as Standard Webhooks has it',
  deliver: (messages, { url, secret }, sending) =>
    postEach(messages, url, sending, async (message) => {
      const body = cloudEvent(message);
      const { id } = message.notice;
      const timestamp = String(Math.floor(sending.nowMs() / 1000));
      try {
        const keys = sending.outside.secret(secret, new URL(url).host);
        const headers = {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signatureOf(`${id}.${timestamp}.${body}`, keys),
        };
        return await postOnce({ url, headers, body }, sending);
      } catch (error) {
        // The key can be put right.
        return { kind: 'later', trouble: error instanceof Error ? error.message : String(error) };
      }
    }),
};
