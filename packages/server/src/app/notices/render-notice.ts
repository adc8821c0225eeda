import type { NoticeLink } from '../../credential.ts';
import type { NotifierBody } from '../../kinds/notifier.ts';
import type { Notice } from '../../notice.ts';
import type { Message } from '../../notifier.ts';
import type { Moment } from '../changes/desk.ts';
import { findChange } from '../changes/find-change.ts';
import { makeLinks } from './link-make.ts';
import { dataOf } from './render-data.ts';
import { sectionsOf } from './render-sections.ts';
import { toldOf } from './render-told.ts';
import { wordsOf } from './render-words.ts';

export interface RenderOptions {
  /** What people call the admin listener: an origin, without a slash at its end. */
  readonly origin: string;
  /** What people call this installation. */
  readonly instance?: string | undefined;
  /** Writes a link down that is made for a recipient; without it nobody gets one of their own. */
  readonly keepLink?: (link: NoticeLink) => Promise<void>;
}

/**
 * Makes a message of a notice, from what is true now. Each time recipients get links of their own anew, as nobody keeps the
 * secrets of those before.
 * @throws Problem `change-not-found`
 */
export async function renderNotice(moment: Moment, notice: Notice, options: RenderOptions): Promise<Message> {
  const { origin, instance, keepLink } = options;
  const subjectOf = (title: string): string => (instance === undefined ? title : `[${instance}] ${title}`);
  if (notice.change === undefined) return selfTest(notice, origin, subjectOf);
  const change = await findChange(moment.tx, notice.change);
  const told = await toldOf(moment, change, notice);
  const { title, summary } = wordsOf(told);
  const body = (moment.current.get('notifier', notice.notifier)?.body ?? { transport: 'none' }) as NotifierBody;
  return {
    notice,
    subject: subjectOf(title),
    summary,
    sections: sectionsOf(told, origin),
    links: await makeLinks(moment, { change, notice, body, origin, keepLink }),
    thread: `change-${change.chain?.id ?? change.id}`,
    origin,
    data: dataOf(told, origin),
  };
}

function selfTest(notice: Notice, origin: string, subjectOf: (title: string) => string): Message {
  const { notifier } = notice;
  return {
    notice,
    subject: subjectOf(`SELF-TEST: notices of ${notifier} arrive`),
    summary: `Nothing has happened. This is sent from time to time so that you would miss it if notifier ${notifier} did not work any more.`,
    sections: [],
    links: [],
    thread: `notifier-${notifier}`,
    origin,
    data: { event: 'self-test', notifier },
  };
}
