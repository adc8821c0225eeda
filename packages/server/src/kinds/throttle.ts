import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { namePart, percent, salt } from './fields.ts';

const schema = z.strictObject({
  product: namePart(100),
  version: namePart(75),
  percent,
  salt: salt.optional(),
});

export type ThrottleBody = z.output<typeof schema>;

/** A gas pedal on the background requests of one product at one version. */
export const throttle: Kind<'throttle', ThrottleBody> = {
  name: 'throttle',
  summary: 'a gas pedal, 0 to 100, on background requests of one product at one version',
  schema,
  nameOf: ({ product, version }) => `${product}/${version}`,
  salted: true,
  served: true,
  reachOf: ({ product }) => [{ product }],
};
