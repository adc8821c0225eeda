import { pinText, readPin } from 'sluice';
import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { namePart, text } from './fields.ts';

const version = z.string().transform((line, context) => {
  const read = readPin(line);
  if (read !== undefined) return pinText(read);
  context.addIssue({ code: 'custom', message: 'a pin is MAJOR. or MAJOR.MINOR., with the dot at its end' });
  return z.NEVER;
});

const schema = z.strictObject({
  product: namePart(100),
  channel: namePart(75),
  version,
  release: text(200),
});

export type PinBody = z.output<typeof schema>;

/** The release for clients of a product and channel that ask to stay on a version line. */
export const pin: Kind<'pin', PinBody> = {
  name: 'pin',
  summary: 'the release for clients that ask to stay on a version line',
  schema,
  nameOf: ({ product, channel, version: line }) => `${product}/${channel}/${line}`,
  salted: false,
  served: true,
  reachOf: ({ product, channel }) => [{ product, channel }],
};
