import { createRoute, z } from '@hono/zod-openapi';
import { atDesk } from '../../app/changes/desk.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { reportAttempt } from '../../app/changes/report-attempt.ts';
import { type ProblemCode, problems } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { attempts, changeId, claimHolder } from './change-schemas.ts';
import { presentAttempts } from './present-change.ts';
import { json, refusals } from './schemas.ts';
import { refuseUnlessAllowed, refuseUnseen } from './visible-change.ts';

/** What agents tell of attempts that failed. */
export const addAttemptRoutes: AddRoutes = (api, app) => {
  api.openapi(report, async (c) => {
    const { id } = c.req.valid('param');
    const { problem, ...told } = c.req.valid('json');
    const caller = c.get('caller');
    const claim = await atDesk(app.changing, caller, async (desk) => {
      const change = await findChange(desk.tx, id);
      refuseUnseen(desk.current, caller, change);
      refuseUnlessAllowed(desk.current, caller, 'enact', change);
      return reportAttempt(desk, change, { ...told, problem: knownCode(problem) }, Math.random);
    });
    return c.json(presentAttempts(claim), 200);
  });
};

function knownCode(text: string): ProblemCode | 'unknown' {
  return Object.hasOwn(problems, text) ? (text as ProblemCode) : 'unknown';
}

const report = createRoute({
  method: 'post',
  path: '/api/v1/changes/{id}/attempts',
  tags: ['changes'],
  summary: 'Report that an attempt to have it enacted has failed',
  description:
    'By the agent that has claimed it. The change stays as it is, shows what went wrong, and rests: for seconds at first, for ten minutes at most.',
  request: {
    params: changeId,
    body: {
      content: {
        'application/json': {
          schema: z.strictObject({
            holder: claimHolder,
            problem: z.string().min(1).max(100).openapi({
              description: 'The code of the problem; what is none counts as `unknown`.',
              example: 'api-unavailable',
            }),
            detail: z.string().trim().min(1).max(2000).openapi({ example: 'no answer within 10 s' }),
          }),
        },
      },
      required: true,
    },
  },
  responses: { 200: json(attempts, 'What is known of its attempts now.'), ...refusals },
});
