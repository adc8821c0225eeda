import { z } from 'zod';
import { addressOrOff } from './http/address-setting.ts';

/** The settings of agents, which have changes enacted when it is time. */
export const agentSettings = z.strictObject({
  inside: z
    .boolean()
    .default(true)
    .describe('Whether `sluice serve` runs an agent inside; false where agents of their own run.'),
  listen: addressOrOff
    .prefault('off')
    .describe('Where `sluice agent` tells its health and metrics, such as 127.0.0.1:8082.'),
  passMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(1000)
    .describe('How often an agent asks for what is new. What is due is enacted at its moment, whatever this says.'),
  ownEveryMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(5000)
    .describe('How often an agent has the server read its own counters, for changes that wait for them.'),
  leaseSeconds: z
    .int()
    .min(1)
    .max(300)
    .default(5)
    .describe(
      'How long an agent has a change for itself that it is about to enact. If it dies, another waits so long.',
    ),
});

export type AgentSettings = z.output<typeof agentSettings>;
