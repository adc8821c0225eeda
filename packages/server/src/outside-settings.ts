import { z } from 'zod';
import { readExemption } from './outside/exemption.ts';

const exempt = z
  .string()
  .max(300)
  .refine((text) => readExemption(text) !== undefined, {
    message: 'is no host, no HOST:PORT, no address and no network such as 10.0.0.0/8',
  });

/** The way out: which servers may be asked. */
export const outsideSettings = z.strictObject({
  allow: z
    .array(exempt)
    .max(1000)
    .default([])
    .describe(
      'Servers that may be asked though they are not of the public internet: prometheus.internal, a HOST:PORT, an address or a network such as 10.0.0.0/8.',
    ),
  http: z
    .boolean()
    .default(false)
    .describe('Whether servers of the public internet may be asked without TLS; those in outside.allow always may.'),
  caFile: z
    .string()
    .min(1)
    .optional()
    .describe('A PEM file with certificates that are trusted besides those that Node.js trusts.'),
});

export type OutsideSettings = z.output<typeof outsideSettings>;
