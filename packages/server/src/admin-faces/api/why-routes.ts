import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { type ExplainedChange, explainChange } from '../../app/changes/explain-change.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { changeStates } from '../../change.ts';
import type { JudgedLeaf } from '../../judgement.ts';
import type { AddRoutes } from './api-env.ts';
import { attempts, changeId, judgedLeaf } from './change-schemas.ts';
import { presentAttempts, presentEnd, presentLeaf } from './present-change.ts';
import { instant, instantOf, json, refusals } from './schemas.ts';
import { refuseUnseen } from './visible-change.ts';

/** Why a change has not been enacted yet, or what became of it. */
export const addWhyRoutes: AddRoutes = (api, app) => {
  api.openapi(why, async (c) => {
    const { id } = c.req.valid('param');
    const explained = await atMoment(app.changing, async (moment) => {
      const change = await findChange(moment.tx, id);
      refuseUnseen(moment.current, c.get('caller'), change);
      return explainChange(moment, change);
    });
    return c.json(present(explained), 200);
  });
};

const whyBody = z
  .object({
    id: z.int(),
    version: z.int(),
    state: z.enum(changeStates),
    reason: z.string(),
    proposer: z.string(),
    chain: z.object({ id: z.int(), step: z.int(), of: z.int() }).optional(),
    waitsFor: z.array(z.string()).openapi({
      description:
        'What keeps it from being enacted, each in a sentence; empty where nothing does, and when it is over.',
      example: ['1 of 2 sign-offs as relman (policy relman)'],
    }),
    isSigned: z.boolean().optional(),
    truth: z.enum(['true', 'false', 'unknown']).optional().openapi({ description: 'What its condition comes to now.' }),
    leaves: z.array(judgedLeaf).optional().openapi({
      description: 'Each part of its condition: what it comes to now, or came to when it was enacted.',
    }),
    expectedAt: instant.optional().openapi({
      description:
        'When it is expected to be enacted, if people have signed by then; absent where that cannot be said.',
    }),
    notices: z
      .object({
        state: z.enum(['not-needed', 'unannounced', 'waiting', 'held', 'announced']),
        enactableAt: instant.optional().openapi({ description: 'From then on an agent may have it enacted.' }),
        says: z.string(),
      })
      .optional(),
    attempts: attempts.optional(),
    overshoot: z
      .object({
        installs: z.int(),
        percent: z.int().optional().openapi({ description: 'Of what the condition waits for.' }),
        offersPerHour: z.number(),
        lagSeconds: z.number(),
        says: z.string(),
      })
      .optional()
      .openapi({ description: 'How many installs more will come after it is enacted: docs/changes.md.' }),
    end: z
      .object({
        by: z.string(),
        at: instant,
        reason: z.string(),
        revision: z.int().optional(),
        audit: z.int().optional().openapi({ description: 'The number of its entry in the audit log.' }),
      })
      .optional(),
  })
  .openapi('WhyChange');

function present(explained: ExplainedChange): z.output<typeof whyBody> {
  const { change, facts, waitsFor, expectedAtMs, notices, overshoot, ended } = explained;
  const { id, version, state, reason, proposer, chain, end } = change;
  const leaves = facts?.leaves ?? leavesIn(ended?.detail);
  return {
    ...{ id, version, state, reason, proposer },
    ...(chain !== undefined && { chain }),
    waitsFor: [...waitsFor],
    ...(facts !== undefined && { isSigned: facts.isSigned, truth: facts.truth }),
    ...(leaves !== undefined && { leaves: leaves.map(presentLeaf) }),
    ...(expectedAtMs !== undefined && { expectedAt: instantOf(expectedAtMs) }),
    ...(notices !== undefined && {
      notices: {
        state: notices.state,
        ...(notices.enactableAtMs !== undefined && { enactableAt: instantOf(notices.enactableAtMs) }),
        says: notices.says,
      },
    }),
    ...(explained.attempts !== undefined && { attempts: presentAttempts(explained.attempts) }),
    ...(overshoot !== undefined && { overshoot: presentOvershoot(overshoot) }),
    ...(end !== undefined && { end: { ...presentEnd(end), ...(ended !== undefined && { audit: ended.seq }) } }),
  };
}

function presentOvershoot({ lagMs, ...overshoot }: NonNullable<ExplainedChange['overshoot']>) {
  return { ...overshoot, lagSeconds: lagMs / 1000 };
}

/** What an enactment rested on, as its entry holds it; nothing where it waited for no more than people. */
function leavesIn(detail: unknown): readonly JudgedLeaf[] | undefined {
  return (detail as { readonly evidence?: readonly JudgedLeaf[] } | undefined)?.evidence;
}

const why = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/why',
  tags: ['changes'],
  summary: 'Why it has not been enacted yet, or what became of it',
  request: { params: changeId },
  responses: { 200: json(whyBody, 'What it waits for, part by part.'), ...refusals },
});
