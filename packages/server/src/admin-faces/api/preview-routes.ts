import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ApiApp } from '../../api-app.ts';
import { atMoment, type Moment } from '../../app/changes/desk.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { isOpen } from '../../app/changes/transitions.ts';
import { type Previewed, preparePreview } from '../../app/preview/preview-work.ts';
import { statusResponse } from '../../http/admin-listener-problem.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes, ApiEnv } from './api-env.ts';
import { changeId, changeInput } from './change-schemas.ts';
import { presentPreview, previewBody } from './preview-schemas.ts';
import { openPreviewTurns, type PreviewTurns } from './preview-turns.ts';
import { json, refusals, textOf } from './schemas.ts';
import { tooOften } from './too-often.ts';
import { refuseUnseen } from './visible-change.ts';

/** When to ask again where too many wait, in milliseconds. */
const laterMs = 5000;

/** What a change, or edits that nobody has proposed yet, would do to what clients get. */
export const addPreviewRoutes: AddRoutes = (api, app) => {
  const turns = openPreviewTurns();
  api.openapi(ofChange, (c) => {
    const { id } = c.req.valid('param');
    return answer(c, app, turns, async ({ tx, current }) => {
      const change = await findChange(tx, id);
      refuseUnseen(current, c.get('caller'), change);
      if (isOpen(change.state)) return change;
      throw new Problem('change-not-open', `change ${id} is ${change.state}: what it did is in the history`);
    });
  });
  api.openapi(ofEdits, (c) => {
    const wish = c.req.valid('json');
    return answer(c, app, turns, async () => ({ ...wish, id: 0, signOffs: [], proposer: textOf(c.get('caller')) }));
  });
};

async function answer(
  c: Context<ApiEnv>,
  app: ApiApp,
  turns: PreviewTurns,
  find: (moment: Moment) => Promise<Previewed>,
) {
  const caller = c.get('caller');
  const { makeSalt } = app.changing;
  const signal = AbortSignal.any([c.req.raw.signal, app.stopping]);
  try {
    const body = await turns.take(textOf(caller), async () => {
      const work = await atMoment(app.changing, async (moment) =>
        preparePreview({ ...moment, caller, makeSalt }, await find(moment)),
      );
      const { edits, regression, atMs } = work;
      return presentPreview(await app.preview(edits, { regression, nowMs: atMs, signal }), work);
    });
    if (body === undefined) throw new HTTPException(429, { res: tooOften(laterMs) });
    return c.json(body, 200);
  } catch (error) {
    // Nobody waits for it any more, or the node stops.
    if (signal.aborted && error === signal.reason) throw new HTTPException(503, { res: statusResponse(503) });
    throw error;
  }
}

const ofChange = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/preview',
  tags: ['preview'],
  summary: 'What a change would do',
  description: 'For the time at which it may be enacted. It must be open.',
  request: { params: changeId },
  responses: { 200: json(previewBody, 'What this node’s clients would get.'), ...refusals },
});

const ofEdits = createRoute({
  method: 'post',
  path: '/api/v1/preview',
  tags: ['preview'],
  summary: 'What edits would do',
  description: 'They need not be allowed; all that they touch must be readable.',
  request: {
    body: {
      content: {
        'application/json': {
          schema: changeInput.pick({ edits: true, condition: true, acceptsDoubts: true }).openapi('PreviewInput'),
        },
      },
      required: true,
    },
  },
  responses: { 200: json(previewBody, 'What this node’s clients would get.'), ...refusals },
});
