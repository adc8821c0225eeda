import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { address } from './address.ts';
import { duration } from './duration.ts';
import { text } from './fields.ts';

const place = {
  product: text(100).optional(),
  channel: text(75).optional(),
  comment: z.string().max(500).optional(),
} as const;

const timing = {
  ...place,
  /** How long before its time a change is announced; each once. */
  leads: z.array(duration()).max(10).default(['PT24H', 'PT1H', 'PT15M']),
  /** How long a change that raises a risk can be stopped between its notice and its enactment. */
  vetoWindow: duration({ mostMs: 7 * 86_400_000 }).default('PT15M'),
  /** How long what comes first waits for more of the same thread. */
  groupWait: duration({ mostMs: 3_600_000 }).default('PT30S'),
  /** When what goes on waiting or failing is told again. */
  repeat: duration({ leastMs: 60_000 }).default('PT4H'),
} as const;

const email = z.strictObject({ ...timing, transport: z.literal('email'), to: z.array(z.email()).min(1).max(100) });

const webhook = z.strictObject({
  ...timing,
  transport: z.literal('webhook'),
  url: address,
  /** By name: the key that signs stands in the configuration of the server. */
  secret: text(100),
});

const slack = z.strictObject({
  ...timing,
  transport: z.literal('slack'),
  /** By name: who knows the address may write there. */
  secret: text(100),
  url: address.optional(),
});

const none = z.strictObject({ ...place, transport: z.literal('none') });

const schema = z.discriminatedUnion('transport', [email, webhook, slack, none]);

export type NotifierBody = z.output<typeof schema>;

/** Where notices about a product go; `none` says that they go nowhere. */
export const notifier: Kind<'notifier', NotifierBody> = {
  name: 'notifier',
  summary: 'where notices about a product go: e-mail, a webhook, Slack, or nowhere',
  schema,
  salted: false,
  served: false,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
