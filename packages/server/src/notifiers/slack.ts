import type { Notifier } from '../notifier.ts';
import { postEach } from './http/post-each.ts';
import { postOnce } from './http/post-once.ts';
import { slackPayload } from './slack/slack-payload.ts';

const usualServer = 'https://hooks.slack.com';

/**
 * An incoming webhook of Slack, or of something that takes the same, such as Mattermost. Its address is the secret: `url` says
 * only which server that is of. Source: Slack, "Sending messages using incoming webhooks".
 */
export const slack: Notifier<'slack'> = {
  transport: 'slack',
  summary: 'Slack, or what takes the same messages',
  deliver: (messages, { url: server = usualServer, secret }, sending) =>
    postEach(messages, server, sending, async (message) => {
      try {
        const { host } = new URL(server);
        const url = readAddress(sending.outside.secret(secret, host), host);
        const headers = { 'content-type': 'application/json; charset=utf-8' };
        return await postOnce({ url, headers, body: slackPayload(message) }, sending);
      } catch (error) {
        return { kind: 'later', trouble: error instanceof Error ? error.message : String(error) };
      }
    }),
};

/** @throws Error for an address of another server; it holds nothing of the secret */
function readAddress(text: string, host: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.host !== host)
    throw new Error(`the secret is no address of ${host}`);
  return url.href;
}
