import { z } from 'zod';
import { type Kind, kindNames } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { text } from './fields.ts';
import { roleName } from './role-name.ts';

const schema = z.strictObject({
  product: text(100).optional(),
  channel: text(75).optional(),
  role: roleName,
  signOffs: z.int().min(1).max(100),
  ownSignOff: z.boolean().default(false),
  kinds: z.array(z.enum(kindNames)).min(1).optional(),
  comment: z.string().max(500).optional(),
});

export type PolicyBody = z.output<typeof schema>;

/** Which sign-offs a change to a product and channel needs, from whom and how many. */
export const policy: Kind<'policy', PolicyBody> = {
  name: 'policy',
  summary: 'which sign-offs a change to a product and channel needs',
  schema,
  salted: false,
  served: false,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
