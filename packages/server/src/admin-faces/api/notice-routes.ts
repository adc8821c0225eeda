import { createRoute, z } from '@hono/zod-openapi';
import { atMoment, type Caller, type Desk, type Moment } from '../../app/changes/desk.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { scan } from '../../app/history/scan.ts';
import { askForNotice } from '../../app/notices/ask-for-notice.ts';
import { noticesOf } from '../../app/notices/notices-of.ts';
import { notifiersOf, type SendingNotifier, sendingAmong } from '../../app/notices/notifiers-for.ts';
import { planSelfTest } from '../../app/notices/plan-self-test.ts';
import { text } from '../../kinds/fields.ts';
import { type Notice, noticeStates } from '../../notice.ts';
import type { Action } from '../../permission.ts';
import { Problem } from '../../problem.ts';
import { answerOnce } from './answer-once.ts';
import type { AddRoutes } from './api-env.ts';
import { repeatable } from './asked-of.ts';
import { changeId } from './change-schemas.ts';
import { noticeBody, noticeStanding, presentNotice, presentStanding } from './notice-schemas.ts';
import { headersOf, json, next, paging, refusals } from './schemas.ts';
import { refuseUnlessAllowed, refuseUnseen } from './visible-change.ts';

/** Who is told of changes, and whether that worked. */
export const addNoticeRoutes: AddRoutes = (api, app) => {
  api.openapi(ask, async (c) => {
    const { id } = c.req.valid('param');
    const { body } = await answerOnce(c, app, async (desk) => {
      const change = await findChange(desk.tx, id);
      refuseUnseen(desk.current, desk.caller, change);
      refuseUnlessAllowed(desk.current, desk.caller, 'enact', change);
      return { status: 200, body: presentStanding(await askForNotice(desk, change)) };
    });
    return c.json(body, 200);
  });

  api.openapi(ofChange, async (c) => {
    const { id } = c.req.valid('param');
    const caller = c.get('caller');
    const notices = await atMoment(app.changing, async (moment) => {
      const change = await findChange(moment.tx, id);
      refuseUnseen(moment.current, caller, change);
      const found = await noticesOf(moment.tx, change);
      return found.map((one) => presentNotice(one, may(moment, caller, 'read', one.notifier)));
    });
    return c.json({ notices }, 200);
  });

  api.openapi(list, async (c) => {
    const { state: states, notifier, limit, cursor } = c.req.valid('query');
    const caller = c.get('caller');
    const { found, next } = await atMoment(app.changing, (moment) =>
      scan<Notice, NoticePlace>({
        page: (before, size) =>
          moment.tx.notices({
            ...(states !== undefined && { states }),
            ...(notifier !== undefined && { notifier }),
            ...(before !== undefined && { before }),
            limit: size,
          }),
        placeOf: ({ createdAtMs, id }) => ({ createdAtMs, id }),
        isWanted: (one) => may(moment, caller, 'read', one.notifier),
        after: readCursor(cursor),
        limit,
      }),
    );
    const more = next === undefined ? {} : { next: `${next.createdAtMs}.${next.id}` };
    return c.json({ notices: found.map((one) => presentNotice(one, true)), ...more }, 200);
  });

  api.openapi(selfTest, async (c) => {
    const { notifier: name } = c.req.valid('json');
    const { body } = await answerOnce(c, app, async (desk) => {
      const id = await planSelfTest(desk, findNotifier(desk, name));
      const notice = await desk.tx.notice(id);
      if (notice === undefined) throw new Error('what was just written is not there');
      return { status: 201, body: presentNotice(notice, true) };
    });
    return c.json(body, 201);
  });
};

/** The notifier that is to be tried out. @throws Problem `object-not-found`, `not-allowed`, `usage` for one that sends nothing */
function findNotifier(desk: Desk, name: string): SendingNotifier {
  const isAllowed = may(desk, desk.caller, 'update', name);
  const isThere = desk.current.get('notifier', name) !== undefined;
  if (!isThere || !(isAllowed || may(desk, desk.caller, 'read', name))) {
    throw new Problem('object-not-found', `there is no notifier ${name}`);
  }
  if (!isAllowed) throw new Problem('not-allowed', `${desk.caller.principal.name} may not update notifier ${name}`);
  const found = sendingAmong(notifiersOf(desk.current)).find((one) => one.name === name);
  if (found === undefined) throw new Problem('usage', `notifier ${name} sends nothing: its transport is none`);
  return found;
}

/** Whether somebody may do something to a notifier; to one that is there no more only who may do it everywhere. */
function may(
  { current }: Pick<Moment, 'current'>,
  { principal, scopes }: Caller,
  action: Action,
  name: string,
): boolean {
  const object = current.get('notifier', name);
  const reaches = object === undefined ? [{}] : current.access.reachOf('notifier', object.body);
  return current.access.may(principal, action, { kind: 'notifier', reaches }, scopes);
}

interface NoticePlace {
  readonly createdAtMs: number;
  readonly id: string;
}

/** @throws Problem `usage` for a cursor that is not ours */
function readCursor(cursor: string | undefined): NoticePlace | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAtMs, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (createdAtMs === undefined || id === undefined)
    throw new Problem('usage', 'cursor: send the `next` of the page before');
  return { createdAtMs: Number(createdAtMs), id };
}

const tags = ['notices'];

const ask = createRoute({
  method: 'post',
  path: '/api/v1/changes/{id}/notice',
  tags,
  summary: 'Have it announced, as far as it is time for that',
  description: `The server judges the condition by itself. Where it is true and rests on signals or other changes, that is told
to whoever is to be told, once for each time that it comes true; where it is expected to be, within a lead time. Asking again
writes nothing more.`,
  request: {
    params: changeId,
    headers: headersOf('idempotency-key'),
    body: { content: { 'application/json': { schema: z.strictObject({}) } }, required: true },
  },
  responses: { 200: json(noticeStanding, 'How it stands with its notices.'), ...refusals },
});

const ofChange = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/notices',
  tags,
  summary: 'Who was and is to be told of a change, the newest first',
  request: { params: changeId },
  responses: { 200: json(z.object({ notices: z.array(noticeBody) }), 'The newest thousand.'), ...refusals },
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/notices',
  tags,
  summary: 'Notices, the newest first',
  description:
    'Those of the notifiers that the caller may read. A page may be short, or empty, and have a `next` all the same.',
  request: {
    query: z.strictObject({
      state: repeatable(z.array(z.enum(noticeStates)))
        .optional()
        .openapi({
          type: 'array',
          items: { type: 'string', enum: [...noticeStates] },
          description: 'In these states only; may be repeated.',
        }),
      notifier: text(200).optional().openapi({ description: 'Of this one only.', example: 'release-mail' }),
      ...paging,
    }),
  },
  responses: { 200: json(z.object({ notices: z.array(noticeBody), next }), 'A page.'), ...refusals },
});

const selfTest = createRoute({
  method: 'post',
  path: '/api/v1/notices/self-test',
  tags,
  summary: 'Try a notifier out',
  description: 'Sends a notice that says nothing but that it works. Whether it did is seen in the list of its notices.',
  request: {
    headers: headersOf('idempotency-key'),
    body: {
      content: {
        'application/json': { schema: z.strictObject({ notifier: text(200).openapi({ example: 'release-mail' }) }) },
      },
      required: true,
    },
  },
  responses: { 201: json(noticeBody, 'The notice, which is sent within seconds.'), ...refusals },
});
