import type { Condition } from 'sluice';
import type { Notice } from '../../notice.ts';
import type { Store } from '../../store.ts';
import {
  furnish,
  made,
  operator,
  patched,
  startMs,
  user,
  type Workshop,
  workshopOver,
} from '../changes/changing.fixture.ts';
import { enactChange } from '../changes/enact-change.ts';
import { findChange } from '../changes/find-change.ts';
import { askForNotice } from './ask-for-notice.ts';
import type { NoticeStanding } from './notice-standing.ts';

export const agent = { kind: 'service-account', name: 'agent' } as const;
export const minute = 60_000;
export const hour = 60 * minute;

/** A webhook of Firefox; nothing listens there. */
export const hook = {
  product: 'Firefox',
  transport: 'webhook',
  url: 'https://hooks.example.org/',
  secret: 'hook',
} as const;

/** A workshop whose rule 10 stands at 25 % in version 2, with an agent, a signal and notifiers. */
export async function noticingOver(store: Store, notifiers: Readonly<Record<string, object>> = { hook }) {
  const shop = workshopOver(store);
  await furnish(shop);
  await shop.propose(user('ed'), [patched('rule', '10', 1, { share: 25 })]);
  await shop.propose(operator, [
    made('service-account', 'agent', { roles: ['agent'] }),
    made('signal', 'load', { product: 'Firefox', source: 'prometheus', url: 'http://p.example.org', query: 'x' }),
    ...Object.entries(notifiers).map(([name, body]) => made('notifier', name, body)),
  ]);
  return {
    ...shop,
    /** Proposes 50 % in place of 25 %, unless another share is given. */
    schedule: async (condition: Condition, percent = 50) =>
      (await shop.propose(user('ed'), [patched('rule', '10', 2, { share: percent })], { condition })).change,
    enact: (who: Parameters<Workshop['as']>[0], id: number) => shop.act(who, id, enactChange),
    ask: (id: number): Promise<NoticeStanding> =>
      shop.as(agent, async (desk) => askForNotice(desk, await findChange(desk.tx, id))),
    notices: (change?: number): Promise<readonly Notice[]> =>
      store.read((view) => view.notices({ limit: 1000, ...(change !== undefined && { change }) })),
    /** Takes notices for delivered, by the clock of the test. */
    deliver: (which: (notice: Notice) => boolean, deliveredAtMs: number) =>
      store.write(async (tx) => {
        for (const notice of await tx.notices({ limit: 1000, states: ['waiting'] }))
          if (which(notice)) await tx.putNotice({ ...notice, state: 'delivered', attempts: 1, deliveredAtMs });
      }),
    read: (value: number | undefined, asOfMs: number) =>
      store.write((tx) =>
        tx.putReadings([
          {
            signal: 'signal/load',
            asOfMs,
            atMs: asOfMs,
            by: 'system',
            note: 'test',
            ...(value !== undefined && { value }),
          },
        ]),
      ),
  };
}

export function at(ms: number): Condition {
  return { time: { after: new Date(ms).toISOString() } };
}

export const whenLoaded: Condition = { signal: { name: 'load', op: '>=', value: 10 } };

/** `event state` and when it is sent, in minutes from the start, in order of that. */
export function outline(notices: readonly Notice[]): readonly string[] {
  return [...notices]
    .sort((a, b) => a.sendAtMs - b.sendAtMs || (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((one) => `${keyOf(one)} ${(one.sendAtMs - startMs) / minute}`);
}

function keyOf({ notifier, event, state }: Notice): string {
  return `${notifier} ${event} ${state}`;
}
