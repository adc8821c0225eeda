import { createRoute, z } from '@hono/zod-openapi';
import type { AddRoutes } from './api-env.ts';
import { wholeNumber } from './asked-of.ts';
import { changeEvents } from './change-events.ts';
import { refusals } from './schemas.ts';

/** Hearing of changes as they happen. */
export const addChangeEventRoutes: AddRoutes = (api, app) => {
  let listen: ReturnType<typeof changeEvents> | undefined;
  api.openapi(route, async (c) => {
    listen ??= changeEvents(app);
    const { 'last-event-id': lastSeq } = c.req.valid('header');
    const { raw } = c.req;
    return listen({ caller: c.get('caller'), lastSeq, identify: () => app.identify(raw) });
  });
};

const route = createRoute({
  method: 'get',
  path: '/api/v1/changes/events',
  tags: ['changes'],
  summary: 'Hear of changes as they happen, as server-sent events',
  description: `One event for each entry of the audit log about a change that the caller may see: its name is the action, its id
the number of the entry, its data \`{change, action, at, actor, state}\` with the state that the change is in by then. A comment
comes every 15 s. \`Last-Event-ID\` goes on after that entry; where entries after it are gone, the first event is \`missed\`.`,
  request: {
    query: z.strictObject({}),
    headers: z.object({
      'last-event-id': wholeNumber(0)
        .optional()
        .openapi({ description: 'The id of the last event that was heard; an EventSource sends it by itself.' }),
    }),
  },
  responses: {
    200: {
      content: { 'text/event-stream': { schema: z.string() } },
      description: 'Events, until the node stops or the caller is not let in any more.',
    },
    ...refusals,
  },
});
