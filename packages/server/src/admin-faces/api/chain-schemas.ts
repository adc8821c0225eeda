import { z } from '@hono/zod-openapi';
import { duration } from '../../kinds/duration.ts';
import { percent } from '../../kinds/fields.ts';
import { changeBody, condition, edits, priority, reason } from './change-schemas.ts';
import { instant, kindName, next } from './schemas.ts';

const hold = duration().optional().openapi({
  type: 'string',
  description: 'How long the step before must have been enacted, as ISO 8601 has it.',
  example: 'PT24H',
});

const step = z
  .strictObject({
    edits,
    condition: condition.optional(),
    hold,
    reason: reason.optional(),
  })
  .openapi('ChainStepInput', { description: 'What it waits for besides the step before.' });

const ramp = z
  .strictObject({
    rule: z
      .string()
      .min(1)
      .max(1000)
      .openapi({ description: 'The name of the rule whose share is raised.', example: '10' }),
    steps: z
      .array(z.strictObject({ percent, hold, if: condition.optional() }))
      .min(1)
      .max(49),
    back: z
      .strictObject({ percent: percent.default(0), when: condition })
      .optional()
      .openapi({ description: 'The last step, which ends it.' }),
  })
  .refine(({ steps, back }) => steps.length > 1 || back !== undefined, 'a chain has two steps or more')
  .openapi('RampInput', {
    description: 'A rollout in short: the shares of one rule, one after the other.',
    example: {
      rule: '10',
      steps: [{ percent: 1 }, { percent: 5, hold: 'PT24H' }, { percent: 25, hold: 'PT24H' }],
      back: {
        percent: 0,
        when: { signal: { uptake: { product: 'Firefox', version: '157.0' }, op: '>=', value: 100_000 } },
      },
    },
  });

/** A chain as it is proposed: by its steps, or as a rollout in short. */
export const chainInput = z
  .strictObject({
    reason,
    priority: priority.default(0),
    acceptsDoubts: z.literal(true).optional(),
    steps: z.array(step).min(2).max(50).optional(),
    ramp: ramp.optional(),
  })
  .refine(({ steps, ramp }) => (steps === undefined) !== (ramp === undefined), 'give either steps or ramp')
  .openapi('ChainInput');

const states = ['pending', 'enacted', 'vetoed', 'failed'] as const;
export const chainStates = z.enum(states);

const head = z.object({
  id: z.int().openapi({ description: 'The number of its first step; the others have the numbers after it.' }),
  version: z.int().openapi({ description: 'Of all its steps together.' }),
  state: chainStates.openapi({ description: 'Pending while a step is still to come.' }),
  reason: z.string(),
  proposer: z.string(),
  createdAt: instant,
  of: z.int().openapi({ description: 'How many steps it has.' }),
  enacted: z.int().openapi({ description: 'How many of them are enacted.' }),
  current: z.int().optional().openapi({ description: 'The step that comes next, counted from 1.' }),
});

export const chainBody = head
  .extend({
    waitsFor: z
      .array(z.string())
      .optional()
      .openapi({ description: 'What keeps the next step from being enacted, each in a sentence.' }),
    expectedAt: instant.optional().openapi({ description: 'When the next step is expected to be enacted.' }),
    ifStopped: z
      .array(z.object({ kind: kindName, name: z.string(), percent: z.number().optional(), says: z.string() }))
      .optional()
      .openapi({ description: 'How everything that it alters stays if nothing more of it is enacted.' }),
    steps: z.array(
      z.object({
        what: z.string().optional().openapi({ description: 'What it does to what the step before leaves.' }),
        earliestAt: instant.optional().openapi({
          description: 'The earliest moment at which it can be enacted, if each step before is as early as it can.',
        }),
        change: changeBody,
      }),
    ),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
    warnings: z.array(z.object({ at: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Chain');

export const chainList = z.object({ chains: z.array(head.openapi('ChainSummary')), next }).openapi('ChainList');
