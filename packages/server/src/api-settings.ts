import { z } from 'zod';

/** What the admin API answers to each who asks. */
export const apiSettings = z.strictObject({
  perSecond: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(50)
    .describe('How many requests a second the admin API answers to one user or service account; off when 0.'),
  burst: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(500)
    .describe('How many requests one that was quiet may make there at once.'),
});
