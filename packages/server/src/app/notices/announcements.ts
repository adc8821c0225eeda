import type { NoticeEvent } from '../../notice.ts';

/** What announces an enactment, so that a veto window runs from its delivery. */
export const announcements: ReadonlySet<NoticeEvent> = new Set(['scheduled', 'crossed']);
