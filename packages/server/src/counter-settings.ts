import { z } from 'zod';

/** How update checks and offers are counted. */
export const counterSettings = z.strictObject({
  binSeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe('How much time one bin of the counters holds: what is counted in it is not told apart by time.'),
  flushMs: z
    .int()
    .min(200)
    .max(600_000)
    .default(10_000)
    .describe(
      'How often what was counted is brought into the database: what is lost at most with a node that is killed.',
    ),
});

export type CounterSettings = z.output<typeof counterSettings>;
