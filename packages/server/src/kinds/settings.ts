import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { text } from './fields.ts';

const schema = z.strictObject({
  forceUrlPrefixes: z.array(text(500)).default([]),
  signedProducts: z.array(text(100)).default([]),
});

export type SettingsBody = z.output<typeof schema>;

/** What holds for all update answers. There is one, called `updates`. */
export const settings: Kind<'settings', SettingsBody> = {
  name: 'settings',
  summary: 'what holds for all update answers: URL prefixes that are told of force=1, and products whose XML is signed',
  schema,
  nameOf: () => 'updates',
  salted: false,
  served: true,
  reachOf: () => [{}],
};
