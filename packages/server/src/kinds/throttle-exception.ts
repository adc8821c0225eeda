import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { text } from './fields.ts';

const schema = z.strictObject({
  version: text(75),
  channels: z.array(text(75)),
});

export type ThrottleExceptionBody = z.output<typeof schema>;

/** Channels in which no specific throttle of a version applies, whatever the product. */
export const throttleException: Kind<'throttle-exception', ThrottleExceptionBody> = {
  name: 'throttle-exception',
  summary: 'channels in which no specific throttle of a version applies, whatever the product',
  schema,
  nameOf: ({ version }) => version,
  salted: false,
  served: true,
  reachOf: ({ channels }) => channels.map((channel) => ({ channel })),
};
