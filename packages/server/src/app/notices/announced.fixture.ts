import type { Condition } from 'sluice';
import type { Change } from '../../change.ts';
import type { NoticeLink } from '../../credential.ts';
import type { Notice, NoticeEvent } from '../../notice.ts';
import type { Message } from '../../notifier.ts';
import { ownSignals } from '../../signals/index.ts';
import type { Store } from '../../store.ts';
import {
  furnish,
  made,
  operator,
  patched,
  protect,
  startMs,
  user,
  type Workshop,
  workshopOver,
} from '../changes/changing.fixture.ts';
import { atMoment } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { findChange } from '../changes/find-change.ts';
import { renderNotice } from './render-notice.ts';

export const origin = 'https://sluice.example.org';
/** 14:00 of the day on which it is noon. */
export const twoMs = startMs + 2 * 3_600_000;
export const atTwo: Condition = { time: { after: '2026-11-21T14:00:00Z' } };

/** Firefox on release, whose changes two roles sign and of which `mail` is told. */
export async function announcedWorkshop(store: Store, to: readonly string[] = ['ada@example.org']): Promise<Workshop> {
  const shop = workshopOver(store);
  await furnish(shop);
  await shop.propose(operator, [
    made('notifier', 'mail', { transport: 'email', product: 'Firefox', to }),
    made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT24H' }),
  ]);
  await protect(shop);
  return shop;
}

/** A change of rule 10 that ed proposes. */
export async function proposed(
  shop: Workshop,
  patch: Record<string, unknown>,
  condition = atTwo,
  reason = 'crashes',
): Promise<Change> {
  const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, patch)], { condition, reason });
  return change;
}

export interface Rendered extends Message {
  readonly kept: readonly NoticeLink[];
}

/** A notice of a change as it is now, rendered. */
export async function rendered(shop: Workshop, id: number, event: NoticeEvent, detail?: unknown): Promise<Rendered> {
  const kept: NoticeLink[] = [];
  const message = await atMoment({ ...shop.changing, ownSignals }, async (moment) => {
    const change = await findChange(moment.tx, id);
    const { nowMs } = moment;
    const notice: Notice = {
      id: '6d1c1d2e-0000-4000-8000-000000000001',
      event,
      notifier: 'mail',
      change: id,
      digest: digestOf(change),
      createdAtMs: nowMs,
      sendAtMs: nowMs,
      state: 'sending',
      attempts: 1,
      nextAtMs: nowMs,
      detail,
    };
    const keepLink = async (link: NoticeLink) => void kept.push(link);
    return renderNotice(moment, notice, { origin, instance: 'prod', keepLink });
  });
  await shop.store.write(async (tx) => {
    for (const link of kept) await tx.putCredential(link);
  });
  return { ...message, kept };
}
