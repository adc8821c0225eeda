import { z } from '@hono/zod-openapi';
import { conditionSchema } from '../../app/conditions/condition-schema.ts';
import { changeStates } from '../../change.ts';
import { instant, kindName, next } from './schemas.ts';

const target = {
  kind: kindName,
  name: z.string().min(1).max(1000),
  expectedVersion: z
    .int()
    .min(0)
    .openapi({ description: 'The version that the edit is made against; 0 for an object that must not exist.' }),
};

/** One object's part in a change, as it is proposed. */
export const editInput = z
  .discriminatedUnion('op', [
    z.strictObject({ ...target, op: z.literal('put'), body: z.record(z.string(), z.unknown()) }),
    z.strictObject({ ...target, op: z.literal('patch'), patch: z.record(z.string(), z.unknown()) }),
    z.strictObject({ ...target, op: z.literal('delete') }),
  ])
  .openapi('Edit');

export const condition = conditionSchema.openapi('Condition', {
  type: 'object',
  description: 'When the change may be enacted: docs/changes.md.',
  example: { time: { after: '2026-12-01T10:00', zone: 'Europe/Berlin' } },
});

export const reason = z.string().trim().min(1).max(2000);
export const priority = z.int().min(-1000).max(1000);
export const edits = z.array(editInput).min(1).max(10_000);

export const changeInput = z
  .strictObject({
    reason,
    edits,
    condition: condition.default({ now: true }),
    priority: priority.default(0),
    draft: z.boolean().default(false),
    acceptsDoubts: z.literal(true).optional(),
  })
  .openapi('ChangeInput');

export const changeRewriting = z
  .strictObject({
    reason: reason.optional(),
    edits: edits.optional(),
    condition: condition.optional(),
    priority: priority.optional(),
    voidSignOffs: z.boolean().default(false),
  })
  .openapi('ChangeRewriting');

/** By which an agent is known to other agents. */
export const claimHolder = z
  .string()
  .regex(/^[\x21-\x7e]{8,100}$/, '8 to 100 visible ASCII characters')
  .openapi({ description: 'A text that the agent made up when it started.', example: 'b3f1c2d4-agent' });

/** What came of the attempts of agents. */
export const attempts = z
  .object({
    failures: z.int().openapi({ description: 'How many have failed in a row.' }),
    nextAt: instant.openapi({ description: 'Before then there is no other.' }),
    problem: z.string().optional(),
    detail: z.string().optional(),
    at: instant.optional().openapi({ description: 'When the last one failed.' }),
  })
  .openapi('Attempts');

const made = { madeVersion: z.int().optional() };
/** What a role has to give to a change, and what it has given. */
export const requirement = z.object({
  role: z.string(),
  count: z.int(),
  ownSignOff: z.boolean(),
  policies: z.array(z.string()),
  signedBy: z.array(z.string()),
});

/** A change as lists hold it. */
const summary = z.object({
  id: z.int(),
  version: z.int(),
  state: z.enum(changeStates),
  reason: z.string(),
  proposer: z.string(),
  priority: z.int(),
  condition,
  signOffs: z.array(z.object({ user: z.string(), role: z.string(), at: instant })),
  conflicts: z.array(
    z.object({
      kind: kindName,
      name: z.string(),
      expectedVersion: z.int(),
      currentVersion: z.int(),
      paths: z.array(z.string()),
      change: z.int().optional(),
    }),
  ),
  createdAt: instant,
  updatedAt: instant,
  conditionSince: instant.optional().openapi({
    description: 'Since when its condition is what it is; absent where that is since it was proposed.',
  }),
  end: z.object({ by: z.string(), at: instant, reason: z.string(), revision: z.int().optional() }).optional(),
  reverts: z.int().optional(),
  acceptsDoubts: z.literal(true).optional(),
  chain: z
    .object({ id: z.int(), step: z.int(), of: z.int() })
    .optional()
    .openapi({ description: 'The chain of which it is a step.' }),
});

export const changeSummary = summary
  .extend({ objects: z.array(z.object({ kind: kindName, name: z.string(), op: z.enum(['put', 'patch', 'delete']) })) })
  .openapi('ChangeSummary');

/** What a part of a condition came to. */
export const judgedLeaf = z
  .object({
    leaf: z.record(z.string(), z.unknown()),
    truth: z.enum(['true', 'false', 'unknown']),
    says: z.string().openapi({ description: 'What it asks for and what it came to.' }),
    signal: z.string().optional().openapi({ description: 'What was read, as readings are kept under it.' }),
    reading: z.object({ value: z.number().optional(), asOf: instant, note: z.string() }).optional(),
    holdsSince: instant.optional(),
    expectedAt: instant.optional(),
  })
  .openapi('JudgedLeaf');

export const changeBody = summary
  .extend({
    edits: z.array(
      z.object({
        kind: kindName,
        name: z.string(),
        expectedVersion: z.int(),
        op: z.enum(['put', 'patch', 'delete']),
        body: z.unknown().optional(),
        patch: z.record(z.string(), z.unknown()).optional(),
        ...made,
      }),
    ),
    facts: z
      .object({
        required: z.array(requirement),
        isSigned: z.boolean(),
        isPast: z.boolean(),
        dueAt: instant.optional(),
        truth: z.enum(['true', 'false', 'unknown']),
        expectedAt: instant.optional().openapi({ description: 'When its condition is expected to become true.' }),
        leaves: z.array(judgedLeaf),
        freezes: z
          .array(z.object({ name: z.string(), until: instant, reason: z.string() }))
          .optional()
          .openapi({ description: 'What holds it at present, unless a person enacts it or it lowers a risk.' }),
        attempts: attempts.optional(),
        objects: z.array(
          z.object({
            kind: z.string(),
            name: z.string(),
            before: z.unknown().optional(),
            after: z.unknown().optional(),
          }),
        ),
      })
      .optional()
      .openapi({ description: 'What is true of it now, while it is open.' }),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
    warnings: z.array(z.object({ at: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Change');

export const changeList = z.object({ changes: z.array(changeSummary), next }).openapi('ChangeList');

export const changeId = z.object({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .openapi({ param: { name: 'id', in: 'path' } }),
});
