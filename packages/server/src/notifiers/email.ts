import type { NotifierBody } from '../kinds/notifier.ts';
import type { MailSettings } from '../mail-settings.ts';
import {
  type Delivery,
  longestAttemptMs,
  type Message,
  type Notifier,
  type Reached,
  type Sending,
} from '../notifier.ts';
import { composeMail } from './email/compose-mail.ts';
import type { Handed, MailConnection } from './email/mail-connection.ts';

/** E-mail: one to each recipient, because what a link lets somebody do is theirs alone. */
export const email: Notifier<'email'> = {
  transport: 'email',
  summary: 'e-mail, by a mail server',
  async deliver(messages, { to }, sending) {
    if (sending.mail === undefined) return { kind: 'later', trouble: 'no mail server is configured (mail.host)' };
    const waiting = parcelsFor([...new Set(to)], messages);
    return waiting.length === 0
      ? { kind: 'delivered', note: 'everybody had it before' }
      : sum(await handOver(waiting, sending.mail, sending), to.length - waiting.length);
  },
};

/** What one recipient does not have yet. */
interface Parcel {
  readonly to: string;
  readonly messages: readonly Message[];
}

interface Sent extends Parcel {
  readonly handed: Handed;
}

function parcelsFor(
  recipients: Extract<NotifierBody, { transport: 'email' }>['to'],
  messages: readonly Message[],
): readonly Parcel[] {
  return recipients
    .map((to) => ({ to, messages: messages.filter(({ notice }) => notice.reached?.includes(to) !== true) }))
    .filter((parcel) => parcel.messages.length > 0);
}

async function handOver(parcels: readonly Parcel[], mail: MailSettings, sending: Sending): Promise<readonly Sent[]> {
  // A node that sends no mail need not load what does.
  const { openMailConnection } = await import('./email/mail-connection.ts');
  const withinMs = longestAttemptMs - 10_000;
  const connection: MailConnection = openMailConnection(mail, { withinMs, signal: sending.signal });
  const sent: Sent[] = [];
  try {
    for (const parcel of parcels) {
      const raw = await composeMail(parcel.messages, parcel.to, mail, sending.nowMs());
      sent.push({ ...parcel, handed: await connection.send(parcel.to, raw) });
    }
  } finally {
    connection.close();
  }
  return sent;
}

function sum(sent: readonly Sent[], before: number): Delivery {
  const taken = sent.filter(({ handed }) => handed.kind === 'taken');
  const later = sent.filter(({ handed }) => handed.kind === 'later');
  const troubles = [...new Set(sent.flatMap(({ to, handed }) => (handed.kind === 'taken' ? [] : tell(to, handed))))];
  const trouble = troubles.slice(0, 5).join('; ') + (troubles.length > 5 ? ` and ${troubles.length - 5} more` : '');
  const reached: readonly Reached[] = taken.flatMap(({ to, messages }) =>
    messages.map(({ notice }) => ({ notice: notice.id, recipient: to })),
  );
  if (later.length > 0) return { kind: 'later', trouble, ...(reached.length > 0 && { reached }) };
  const all = sent.length + before;
  if (taken.length + before === 0) return { kind: 'refused', trouble };
  const note = `the mail server took it for ${taken.length + before} of ${all}`;
  return { kind: 'delivered', note: trouble === '' ? note : `${note}; ${trouble}` };
}

/** Trouble with the server itself is told once and not for each recipient. */
function tell(to: string, handed: Extract<Handed, { why: string }>): string {
  return handed.kind === 'later' && handed.ofServer ? handed.why : `${to}: ${handed.why}`;
}
