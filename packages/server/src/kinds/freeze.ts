import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { moment, text } from './fields.ts';

const schema = z
  .strictObject({
    product: text(100).optional(),
    channel: text(75).optional(),
    from: moment,
    to: moment,
    reason: text(500),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'to must be later than from' });

export type FreezeBody = z.output<typeof schema>;

/** A time in which nothing that waits for a condition is enacted, unless it lowers a risk. */
export const freeze: Kind<'freeze', FreezeBody> = {
  name: 'freeze',
  summary: 'a time in which no scheduled change is enacted unless it lowers a risk',
  schema,
  salted: false,
  served: false,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
