import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { list, namePart } from './fields.ts';

const schema = z.strictObject({
  product: namePart(100),
  channel: namePart(75).optional(),
  platform: namePart(75).optional(),
  version: namePart(75).optional(),
  locale: list(200).optional(),
  comment: z.string().max(500).optional(),
});

export type EmergencyStopBody = z.output<typeof schema>;

/** A product, narrowed by what else is given, that gets nothing, forced or not. Named after what it holds. */
export const emergencyStop: Kind<'emergency-stop', EmergencyStopBody> = {
  name: 'emergency-stop',
  summary: 'a product and, if given, channel, platform, version or locale that get nothing, forced or not',
  schema,
  nameOf: ({ product, channel, platform, version, locale }) => {
    const narrowed = Object.entries({ platform, version, locale }).filter(([, value]) => value !== undefined);
    // A channel that is called so is not all of them.
    const inChannel = channel === '*' ? '"*"' : (channel ?? '*');
    return [product, inChannel, ...narrowed.map(([field, value]) => `${field}=${value}`)].join('/');
  },
  salted: false,
  served: true,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
