import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailSettings } from '../../mail-settings.ts';
import type { Message } from '../../notifier.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';

/**
 * Makes an e-mail of messages of one thread, for one recipient. Sources: RFC 5322; RFC 3834 for `Auto-Submitted`; RFC 2919 for
 * `List-Id`.
 */
export function composeMail(
  messages: readonly Message[],
  to: string,
  { from, replyTo, listId }: Pick<MailSettings, 'from' | 'replyTo' | 'listId'>,
  nowMs: number,
): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const [first] = messages;
  if (first === undefined) throw new RangeError('no message');
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
  const root = threadId(first, domain);
  const changes = [...new Set(messages.flatMap(({ notice }) => notice.change ?? []))];
  const composer = new MailComposer({
    from: { name: 'Sluice', address: from },
    to: { name: '', address: to },
    ...(replyTo !== undefined && { replyTo: { name: '', address: replyTo } }),
    subject: `${first.subject}${more}`,
    date: new Date(nowMs),
    messageId: messageId(messages, domain),
    inReplyTo: root,
    references: [root],
    text: mailText(messages, to),
    html: mailHtml(messages, to),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `<${listId ?? `sluice.${domain}`}>`,
      'X-Sluice-Event': [...new Set(messages.map(({ notice }) => notice.event))].join(', '),
      ...(changes.length > 0 && { 'X-Sluice-Change': changes.join(', ') }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  });
  return composer.compile().build();
}

/** The same in all attempts, so that what comes twice is known. */
function messageId(messages: readonly Message[], domain: string): string {
  const ids = messages.map(({ notice }) => notice.id).sort();
  const [only] = ids;
  return `<${ids.length === 1 ? only : shortHash(ids.join(' '))}@${domain}>`;
}

/** What all of a thread answer to. It was never sent itself: so the first of them need not have arrived. */
function threadId({ thread, origin }: Message, domain: string): string {
  return `<${thread.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}.${shortHash(origin)}@${domain}>`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
