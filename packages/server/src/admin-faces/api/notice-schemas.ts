import { z } from '@hono/zod-openapi';
import type { NoticeStanding } from '../../app/notices/notice-standing.ts';
import { type Notice, noticeEvents, noticeStates } from '../../notice.ts';
import { instant, instantOf } from './schemas.ts';

export const noticeBody = z
  .object({
    id: z.string().openapi({ example: '8f14e45f-ceea-4f7a-9b1c-5e2f8a6d3c10' }),
    event: z.enum(noticeEvents).openapi({ example: 'crossed' }),
    notifier: z.string().openapi({ description: 'The name of the notifier that it goes to.', example: 'release-mail' }),
    change: z.int().optional(),
    state: z.enum(noticeStates),
    createdAt: instant,
    sendAt: instant.openapi({ description: 'It is not sent before.' }),
    attempts: z.int(),
    nextAt: instant.optional().openapi({ description: 'When it is attempted next; absent where it is not.' }),
    deliveredAt: instant.optional().openapi({ description: 'When it first reached somebody.' }),
    overtakenAt: instant.optional().openapi({ description: 'Since when it announces nothing any more.' }),
    trouble: z.string().optional().openapi({ description: 'Why the last attempt failed.' }),
    reached: z.array(z.string()).optional().openapi({ description: 'Whom it has reached, while others still wait.' }),
  })
  .openapi('Notice');

/** A notice as the API answers with it. @param isWhole whether the caller may see to whom it goes */
export function presentNotice(notice: Notice, isWhole: boolean): z.output<typeof noticeBody> {
  const { id, event, notifier, change, state, attempts, deliveredAtMs, overtakenAtMs, trouble, reached } = notice;
  const isOpen = state === 'waiting' || state === 'sending';
  return {
    id,
    event,
    notifier,
    ...(change !== undefined && { change }),
    state,
    createdAt: instantOf(notice.createdAtMs),
    sendAt: instantOf(notice.sendAtMs),
    attempts,
    ...(isOpen && { nextAt: instantOf(notice.nextAtMs) }),
    ...(deliveredAtMs !== undefined && { deliveredAt: instantOf(deliveredAtMs) }),
    ...(overtakenAtMs !== undefined && { overtakenAt: instantOf(overtakenAtMs) }),
    ...(isWhole && trouble !== undefined && { trouble }),
    ...(isWhole && reached !== undefined && { reached: [...reached] }),
  };
}

export const noticeStanding = z
  .object({
    state: z.enum(['not-needed', 'unannounced', 'waiting', 'held', 'announced']).openapi({
      description:
        'not-needed: it may be enacted without. unannounced: nothing was written yet. waiting: still to be delivered. held: could not be delivered, or there is nobody to tell. announced: it may be enacted from enactableAt on.',
    }),
    enactableAt: instant.optional(),
    retryAt: instant.optional().openapi({ description: 'When it is worth asking again.' }),
    says: z.string().openapi({ example: 'it was announced and can be stopped until 2026-12-01T10:15:00.000Z' }),
  })
  .openapi('NoticeStanding');

export function presentStanding(standing: NoticeStanding): z.output<typeof noticeStanding> {
  const { state, enactableAtMs, retryAtMs, says } = standing;
  return {
    state,
    ...(enactableAtMs !== undefined && { enactableAt: instantOf(enactableAtMs) }),
    ...(retryAtMs !== undefined && { retryAt: instantOf(retryAtMs) }),
    says,
  };
}
