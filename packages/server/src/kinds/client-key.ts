import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { namePart } from './fields.ts';

const schema = z.strictObject({
  product: namePart(100),
  channels: z.array(namePart(75)).min(1).max(100).optional(),
  /** The most events of one kind that may be reported with it in a minute. */
  perMinute: z.int().min(1).max(1_000_000_000).default(100_000),
  comment: z.string().max(500).optional(),
});

export type ClientKeyBody = z.output<typeof schema>;

/** What a product's clients carry to report telemetry. It is public; deleting it revokes it. */
export const clientKey: Kind<'client-key', ClientKeyBody> = {
  name: 'client-key',
  summary: "what a product's clients carry to report telemetry; public, and revoked by deleting it",
  schema,
  namePattern: /^ck_[a-z0-9]{16,64}$/,
  nameRule: 'a client key is ck_ and 16 to 64 characters of a-z and 0-9',
  salted: false,
  served: true,
  reachOf: ({ product, channels }) => channels?.map((channel) => ({ product, channel })) ?? [{ product }],
};
