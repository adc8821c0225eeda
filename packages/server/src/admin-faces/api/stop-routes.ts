import { createRoute, z } from '@hono/zod-openapi';
import { stopUpdates } from '../../app/changes/stop-updates.ts';
import { list, namePart } from '../../kinds/fields.ts';
import { answerOnce } from './answer-once.ts';
import type { AddRoutes } from './api-env.ts';
import { headersOf, json, refusals } from './schemas.ts';

const stopInput = z
  .strictObject({
    product: namePart(100),
    channel: namePart(75).optional(),
    platform: namePart(75).optional(),
    version: namePart(75).optional(),
    locale: list(200).optional(),
    reason: z.string().trim().min(1).max(2000).default('emergency stop'),
  })
  .openapi('StopInput');

const stopped = z
  .object({
    name: z.string().openapi({ description: 'Of the emergency stop: delete it by a change to start again.' }),
    revision: z.int(),
    change: z.int().optional().openapi({ description: 'Absent where that was stopped already.' }),
    cachesHoldSeconds: z.int().openapi({ description: 'How long caches in front may go on with what they hold.' }),
    note: z.string(),
  })
  .openapi('Stopped');

/** Stopping a product in an emergency. */
export const addStopRoutes: AddRoutes = (api, app) => {
  api.openapi(stop, async (c) => {
    const { reason, ...wanted } = c.req.valid('json');
    const { cachesHoldSeconds } = app;
    const { body } = await answerOnce(
      c,
      app,
      async (desk) => {
        const { name, revision, acted } = await stopUpdates(desk, wanted, reason);
        // Nobody may be told that updates have stopped where they have not.
        if (acted?.problem !== undefined) throw acted.problem;
        const change = acted && { change: acted.change.id };
        return { status: 200, body: { name, revision, ...change, cachesHoldSeconds, note: noteOf(cachesHoldSeconds) } };
      },
      { urgent: true },
    );
    return c.json(body, 200);
  });
};

function noteOf(cachesHoldSeconds: number): string {
  const caches = cachesHoldSeconds === 0 ? '' : `; caches in front may hold answers for ${cachesHoldSeconds} s more`;
  return `every node that reaches the database stops within 5 s${caches}`;
}

const stop = createRoute({
  method: 'post',
  path: '/api/v1/stops',
  tags: ['stops'],
  summary: 'Stop a product at once',
  description: 'No sign-off, no queue, no limit of requests. Starting again is a change that deletes the stop.',
  request: {
    headers: headersOf('idempotency-key'),
    body: { content: { 'application/json': { schema: stopInput } }, required: true },
  },
  responses: { 200: json(stopped, 'It is stopped.'), ...refusals },
});
