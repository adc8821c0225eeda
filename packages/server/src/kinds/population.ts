import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { duration } from './duration.ts';
import { namePart } from './fields.ts';

const schema = z.strictObject({
  product: namePart(100),
  /** How often an install checks of its own accord. */
  checkInterval: duration({ leastMs: 1000, mostMs: 31 * 86_400_000 }),
  comment: z.string().max(500).optional(),
});

export type PopulationBody = z.output<typeof schema>;

/** How the installs of a product check, so that their number can be estimated. Its answers are not for caches. */
export const population: Kind<'population', PopulationBody> = {
  name: 'population',
  summary: 'how often the installs of a product check for updates, so that their number can be estimated',
  schema,
  nameOf: ({ product }) => product,
  salted: false,
  served: true,
  reachOf: ({ product }) => [{ product }],
};
