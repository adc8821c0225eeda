import { createRoute, z } from '@hono/zod-openapi';
import { type ClaimAnswer, claimChanges } from '../../app/changes/claim-changes.ts';
import { atDesk } from '../../app/changes/desk.ts';
import { longestClaimMs } from '../../claim.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { claimHolder } from './change-schemas.ts';
import { instant, instantOf, json, refusals } from './schemas.ts';
import { isVisible, mayEnact } from './visible-change.ts';

const answer = z
  .object({
    id: z.int(),
    result: z.enum(['granted', 'claimed', 'behind', 'resting', 'gone']),
    version: z.int().optional().openapi({ description: 'Of the change, where it was granted.' }),
    until: instant.optional().openapi({
      description: 'Until when it is granted, another agent has it, or it rests after an attempt that failed.',
    }),
    failures: z.int().optional(),
  })
  .openapi('Claim');

/** How agents keep out of each other's way. */
export const addClaimRoutes: AddRoutes = (api, app) => {
  api.openapi(claim, async (c) => {
    const wish = c.req.valid('json');
    const caller = c.get('caller');
    const claims = await atDesk(app.changing, caller, (desk) => {
      const { access } = desk.current;
      if (!access.may(caller.principal, 'enact', undefined, caller.scopes))
        throw new Problem('not-allowed', `${caller.principal.name} may not have changes enacted`);
      return claimChanges(
        desk,
        wish,
        (change) => isVisible(desk.current, caller, change) && mayEnact(desk.current, caller, change),
      );
    });
    return c.json({ claims: claims.map(present) }, 200);
  });
};

function present(claim: ClaimAnswer): z.output<typeof answer> {
  const { id, kind } = claim;
  return {
    id,
    result: kind,
    ...('version' in claim && { version: claim.version }),
    ...('untilMs' in claim && { until: instantOf(claim.untilMs) }),
    ...('failures' in claim && { failures: claim.failures }),
  };
}

const claim = createRoute({
  method: 'post',
  path: '/api/v1/claims',
  tags: ['changes'],
  summary: 'Claim changes that are about to be enacted',
  description:
    'For agents: while one has claimed a change, no other program can have it enacted. People can. Claiming again prolongs it.',
  request: {
    body: {
      content: {
        'application/json': {
          schema: z.strictObject({
            holder: claimHolder,
            seconds: z
              .int()
              .min(0)
              .max(longestClaimMs / 1000)
              .openapi({ description: 'How long; 0 gives back.', example: 5 }),
            changes: z
              .array(z.int().min(1).max(Number.MAX_SAFE_INTEGER))
              .min(1)
              .max(100)
              .openapi({ example: [12] }),
            inOrder: z.boolean().default(false).openapi({
              description: 'Claims nothing behind a change that another agent has, so that order is kept.',
            }),
          }),
        },
      },
      required: true,
    },
  },
  responses: { 200: json(z.object({ claims: z.array(answer) }), 'What came of it, for each change.'), ...refusals },
});
