import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { findChange } from '../../app/changes/find-change.ts';
import { evidenceAction, readingsIn, reportEvidence } from '../../app/changes/report-evidence.ts';
import type { AuditEntry } from '../../audit.ts';
import { text } from '../../kinds/fields.ts';
import { answerOnce } from './answer-once.ts';
import type { AddRoutes } from './api-env.ts';
import { beforeCursor } from './before-cursor.ts';
import { changeId } from './change-schemas.ts';
import { headersOf, instant, instantOf, json, next, paging, refusals } from './schemas.ts';
import { refuseUnlessAllowed, refuseUnseen } from './visible-change.ts';

const reading = z
  .strictObject({
    signal: text(200),
    value: z.number(),
    asOf: z.iso.datetime({ offset: true }).openapi({ description: 'When it was so.' }),
    note: z.string().max(2000).optional(),
  })
  .openapi('SignalReading');

const evidence = z
  .object({
    seq: z.int().openapi({ description: 'The number of the entry in the audit log.' }),
    at: instant,
    by: z.string(),
    readings: z.array(reading),
  })
  .openapi('Evidence');

/** What agents and people have read of signals, for a change. */
export const addEvidenceRoutes: AddRoutes = (api, app) => {
  api.openapi(report, async (c) => {
    const { id } = c.req.valid('param');
    const { readings } = c.req.valid('json');
    const { body } = await answerOnce(c, app, async (desk) => {
      const change = await findChange(desk.tx, id);
      refuseUnseen(desk.current, desk.caller, change);
      refuseUnlessAllowed(desk.current, desk.caller, 'report', change);
      return { status: 201, body: present(await reportEvidence(desk, change, readings)) };
    });
    return c.json(body, 201);
  });
  api.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const entries = await atMoment(app.changing, async ({ tx, current }) => {
      refuseUnseen(current, c.get('caller'), await findChange(tx, id));
      return tx.audit({ change: id, action: evidenceAction, limit: limit + 1, ...beforeCursor(cursor) });
    });
    const page = entries.slice(0, limit);
    const last = entries.length > limit ? page.at(-1) : undefined;
    return c.json({ evidence: page.map(present), ...(last !== undefined && { next: String(last.seq) }) }, 200);
  });
};

function present(entry: AuditEntry): z.output<typeof evidence> {
  const { seq, atMs, actor } = entry;
  return { seq, at: instantOf(atMs), by: actor, readings: readingsIn(entry).map((one) => ({ ...one })) };
}

const report = createRoute({
  method: 'post',
  path: '/api/v1/changes/{id}/evidence',
  tags: ['changes'],
  summary: 'Report what was read of signals',
  description: 'Kept in the audit log; the change stays as it is. It must be open.',
  request: {
    params: changeId,
    headers: headersOf('idempotency-key'),
    body: {
      content: { 'application/json': { schema: z.strictObject({ readings: z.array(reading).min(1).max(100) }) } },
      required: true,
    },
  },
  responses: { 201: json(evidence, 'What was written down.'), ...refusals },
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/changes/{id}/evidence',
  tags: ['changes'],
  summary: 'What was reported for a change, the newest first',
  request: { params: changeId, query: z.strictObject(paging) },
  responses: { 200: json(z.object({ evidence: z.array(evidence), next }), 'A page.'), ...refusals },
});
