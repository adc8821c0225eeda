import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { percent, salt } from './fields.ts';

const schema = z.strictObject({
  on: z.boolean(),
  percent,
  salt: salt.optional(),
});

export type GlobalThrottleBody = z.output<typeof schema>;

/** The gas pedal where no specific throttle applies. There is one, called `global`. */
export const globalThrottle: Kind<'global-throttle', GlobalThrottleBody> = {
  name: 'global-throttle',
  summary: 'the gas pedal where no specific throttle applies',
  schema,
  nameOf: () => 'global',
  salted: true,
  served: true,
  reachOf: () => [{}],
};
