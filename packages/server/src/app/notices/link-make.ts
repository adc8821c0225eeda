import type { Change } from '../../change.ts';
import type { NoticeLink } from '../../credential.ts';
import type { NotifierBody } from '../../kinds/notifier.ts';
import type { Notice } from '../../notice.ts';
import type { Message } from '../../notifier.ts';
import { principalText } from '../../principal.ts';
import type { Moment } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { whoMayVeto } from '../changes/who-may-veto.ts';
import { isEnabled } from '../sign-in/is-enabled.ts';
import { makeSecret } from '../sign-in/secret.ts';

const lifeMs = 7 * 86_400_000;

export interface LinkMaking {
  readonly change: Change;
  readonly notice: Notice;
  readonly body: NotifierBody;
  readonly origin: string;
  /** Writes a link down; without it nobody gets one of their own. */
  readonly keepLink: ((link: NoticeLink) => Promise<void>) | undefined;
}

/**
 * What the readers of a message can open: a page for whoever is signed in, and for each recipient who is a user and may stop
 * or sign the change a page of their own, which is of use once.
 */
export async function makeLinks(moment: Moment, making: LinkMaking): Promise<Message['links']> {
  const { change, body, origin } = making;
  const isOpen = change.state === 'pending';
  const forAll = {
    label: isOpen ? 'See it, and stop or sign it' : 'See it',
    url: `${origin}/notice/change/${change.id}`,
  };
  if (!isOpen || body.transport !== 'email' || making.keepLink === undefined) return [forAll];
  const mayVeto = await whoMayVeto(moment, change);
  const links: Message['links'][number][] = [forAll];
  for (const recipient of new Set(body.to)) {
    const principal = { kind: 'user', name: recipient.toLowerCase() } as const;
    if (!(await isEnabled(moment.tx, principal)) || !mayVeto({ principal })) continue;
    const secret = makeSecret('notice');
    await making.keepLink({
      kind: 'notice-link',
      id: secret.id,
      digest: secret.digest,
      owner: principalText(principal),
      createdAtMs: moment.nowMs,
      expiresAtMs: moment.nowMs + lifeMs,
      notice: making.notice.id,
      change: change.id,
      changeDigest: digestOf(change),
    });
    links.push({ ...forAll, url: `${origin}/notice/${secret.text}`, recipient });
  }
  return links;
}
