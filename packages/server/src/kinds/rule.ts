import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { reachAt } from '../reach.ts';
import { list, salt, text } from './fields.ts';
import { share } from './share.ts';

const schema = z.strictObject({
  alias: z
    .string()
    .max(50)
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, beginning with a letter')
    .optional(),
  priority: z.int().min(0),
  release: text(200).optional(),
  fallback: text(200).optional(),
  share: share.default({ kind: 'percent', percent: 100 }),
  updateType: z.enum(['minor', 'major']).default('minor'),
  salt: salt.optional(),
  product: text(100).optional(),
  version: text(75).optional(),
  channel: text(75).optional(),
  platform: text(75).optional(),
  buildId: text(20).optional(),
  locale: list(200).optional(),
  osVersion: text(1000).optional(),
  memory: text(100).optional(),
  instructionSet: text(1000).optional(),
  jaws: z.boolean().optional(),
  mig64: z.boolean().optional(),
  distribution: list(2000).optional(),
  distributionVersion: text(100).optional(),
  architecture: text(10).optional(),
  comment: z.string().max(500).optional(),
});

export type RuleBody = z.output<typeof schema>;

/** Which release a matching request gets. It is called by its number, which also settles equal priorities. */
export const rule: Kind<'rule', RuleBody> = {
  name: 'rule',
  summary: 'which release a matching request gets, at which share, and what it gets otherwise',
  schema,
  namePattern: /^(?:0|[1-9][0-9]{0,14})$/,
  nameRule: 'a rule is called by its number',
  salted: true,
  served: true,
  reachOf: ({ product, channel }) => [reachAt(product, channel)],
};
