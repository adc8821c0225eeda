import { createRoute, z } from '@hono/zod-openapi';
import { removeAuditBefore } from '../../app/audit/keep-audit.ts';
import { verifyAudit } from '../../app/audit/verify-audit.ts';
import type { Caller } from '../../app/changes/desk.ts';
import { atMoment } from '../../app/changes/desk.ts';
import { together } from '../../app/together.ts';
import { moment } from '../../kinds/fields.ts';
import type { Action } from '../../permission.ts';
import { Problem } from '../../problem.ts';
import type { AddRoutes } from './api-env.ts';
import { wholeNumber } from './asked-of.ts';
import { auditEntry, auditHead, presentEntry, presentHead, presentVerdict, verdict } from './audit-schemas.ts';
import { beforeCursor } from './before-cursor.ts';
import { refuseUnlessEverywhere } from './refuse-unless-everywhere.ts';
import { json, next, paging, refusals, textOf } from './schemas.ts';

const dayMs = 86_400_000;

/** The audit log. It is about everything, so whoever is limited to some products sees none of it. */
export const addAuditRoutes: AddRoutes = (api, app) => {
  const refuseUnless = (caller: Caller, action: Action): Promise<void> =>
    atMoment(app.changing, async ({ current }) => refuseUnlessEverywhere(current, caller, action));
  const verifying = together(() => verifyAudit(app.changing.store));

  api.openapi(list, async (c) => {
    const { before, after, actor, action, change, from, to, limit, cursor } = c.req.valid('query');
    if (before !== undefined && after !== undefined) throw new Problem('usage', 'before or after, not both');
    const seq = beforeCursor(cursor).before;
    const entries = await atMoment(app.changing, async ({ tx, current }) => {
      refuseUnlessEverywhere(current, c.get('caller'), 'audit');
      return tx.audit({
        ...(after !== undefined
          ? { after: seq ?? after }
          : (seq ?? before) !== undefined && { before: seq ?? before ?? 0 }),
        ...(actor !== undefined && { actor }),
        ...(action !== undefined && { action }),
        ...(change !== undefined && { change }),
        ...(from !== undefined && { fromMs: Date.parse(from) }),
        ...(to !== undefined && { toMs: Date.parse(to) }),
        limit: limit + 1,
      });
    });
    const page = entries.slice(0, limit);
    const last = entries.length > limit ? page.at(-1) : undefined;
    return c.json({ entries: page.map(presentEntry), ...(last !== undefined && { next: String(last.seq) }) }, 200);
  });

  api.openapi(head, async (c) => {
    const found = await atMoment(app.changing, async ({ tx, current }) => {
      refuseUnlessEverywhere(current, c.get('caller'), 'audit');
      return tx.auditHead();
    });
    return c.json(presentHead(found), 200);
  });

  api.openapi(verify, async (c) => {
    await refuseUnless(c.get('caller'), 'audit');
    return c.json(presentVerdict(await verifying()), 200);
  });

  api.openapi(retention, async (c) => {
    const caller = c.get('caller');
    const { keepDays } = c.req.valid('json');
    await refuseUnless(caller, 'administer');
    const options = { keepMs: keepDays * dayMs, nowMs: app.nowMs(), actor: textOf(caller) };
    const { removed, verdict: found } = await removeAuditBefore(app.changing.store, options);
    return c.json({ removed, verdict: presentVerdict(found) }, 200);
  });
};

const seqParam = wholeNumber(0).optional();

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  tags: ['audit'],
  summary: 'Entries of the audit log, the newest first',
  request: {
    query: z.strictObject({
      before: seqParam.openapi({ description: 'Entries with a smaller number only.' }),
      after: seqParam.openapi({ description: 'Entries with a greater number only, then the oldest first.' }),
      actor: z.string().min(1).max(250).optional().openapi({ example: 'user:ada@example.org' }),
      action: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .openapi({ description: 'An action or, ending in a dot, the beginning of actions.', example: 'change.' }),
      change: wholeNumber(1).optional(),
      from: moment.optional(),
      to: moment.optional(),
      ...paging,
    }),
  },
  responses: { 200: json(z.object({ entries: z.array(auditEntry), next }), 'A page.'), ...refusals },
});

const head = createRoute({
  method: 'get',
  path: '/api/v1/audit/head',
  tags: ['audit'],
  summary: 'Where the audit log ends, to be kept somewhere else',
  responses: { 200: json(auditHead, 'The end of the chain.'), ...refusals },
});

const verify = createRoute({
  method: 'get',
  path: '/api/v1/audit/verify',
  tags: ['audit'],
  summary: 'Whether every entry, and every version that the log tells of, is as it was written',
  responses: { 200: json(verdict, 'What was found; all of the log is read.'), ...refusals },
});

const retention = createRoute({
  method: 'post',
  path: '/api/v1/audit/retention',
  tags: ['audit'],
  summary: 'Remove the entries that are too old',
  description: 'The log says itself that it was done. One that is not as it was written stays as it is.',
  request: {
    body: {
      content: {
        'application/json': {
          schema: z.strictObject({
            keepDays: z.number().min(1).max(36_500).openapi({ description: 'How old an entry may become, in days.' }),
          }),
        },
      },
      required: true,
    },
  },
  responses: {
    200: json(z.object({ removed: z.int(), verdict }), 'How many were removed, and how the log is now.'),
    ...refusals,
  },
});
