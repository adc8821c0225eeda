import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { revertTo } from '../../app/changes/revert-to.ts';
import { compareRevisions, type ObjectDifference } from '../../app/history/compare-revisions.ts';
import { exportObjects } from '../../app/history/export-objects.ts';
import { revisionOf } from '../../app/history/revision-of.ts';
import { exportFormat } from '../../export-format.ts';
import { kindNames } from '../../kind.ts';
import { answerOnce } from './answer-once.ts';
import type { AddRoutes } from './api-env.ts';
import { asOfInput, asOfParam, kindsParam } from './asked-of.ts';
import { changeBody } from './change-schemas.ts';
import { exportText } from './export-text.ts';
import { objectCursor, objectPaging, readObjectCursor } from './object-cursor.ts';
import { presentActed } from './present-acted.ts';
import { headersOf, json, kindName, next, refusals } from './schemas.ts';
import { streamOf } from './stream-of.ts';

/** All of the configuration at once, as it is and as it was. */
export const addConfigurationRoutes: AddRoutes = (api, app) => {
  api.openapi(whole, async (c) => {
    const { asOf, kind } = c.req.valid('query');
    const revision = await atMoment(app.changing, (moment) => revisionOf(moment, asOf));
    const pieces = exportObjects(app.changing, c.get('caller'), { revision, kinds: kind ?? kindNames });
    const body = await streamOf(exportText(revision, pieces));
    return new Response(body, { headers: { 'Content-Type': 'application/json' } }) as never;
  });

  api.openapi(diff, async (c) => {
    const { from, to, kind, limit, cursor } = c.req.valid('query');
    const place = cursor === undefined ? undefined : readObjectCursor(cursor, 2);
    const body = await atMoment(app.changing, async (moment) => {
      const revisions = [
        place?.revisions[0] ?? (await revisionOf(moment, from)),
        place?.revisions[1] ?? (await revisionOf(moment, to)),
      ] as const;
      const comparison = { from: revisions[0], to: revisions[1], kinds: kind, after: place?.after, limit };
      const { found, next } = await compareRevisions(moment, c.get('caller'), comparison);
      const more = next === undefined ? {} : { next: objectCursor(revisions, next) };
      return { from: revisions[0], to: revisions[1], objects: found.map(presentDifference), ...more };
    });
    return c.json(body, 200);
  });

  api.openapi(revert, async (c) => {
    const { to, kinds, reason } = c.req.valid('json');
    const { body, version } = await answerOnce(c, app, async (desk) => {
      const revision = await revisionOf(desk, to);
      return presentActed(desk, await revertTo(desk, revision, { kinds, reason }), 201);
    });
    c.header('Location', `/api/v1/changes/${body.id}`);
    c.header('ETag', `"${version}"`);
    return c.json(body, 201);
  });
};

function presentDifference({ difference, ...object }: ObjectDifference): z.output<typeof objectDifference> {
  if (difference === undefined) return object;
  const { patch, paths } = difference;
  return { ...object, paths: [...paths], ...(patch !== undefined && { patch: { ...patch } }) };
}

const tags = ['configuration'];

const whole = createRoute({
  method: 'get',
  path: '/api/v1/configuration',
  tags,
  summary: 'Everything that the caller may see, as `sluice export` writes it',
  request: { query: z.strictObject({ asOf: asOfParam.optional(), kind: kindsParam.optional() }) },
  responses: {
    200: json(
      z
        .object({
          format: z.literal(exportFormat),
          revision: z.int(),
          objects: z.array(z.looseObject({ kind: kindName, name: z.string() })),
        })
        .openapi('Export'),
      'All objects with their content. It is sent as it is read: what ends early is not JSON.',
    ),
    ...refusals,
  },
});

const objectDifference = z
  .object({
    kind: kindName,
    name: z.string(),
    what: z.enum(['added', 'removed', 'changed']),
    from: z
      .int()
      .optional()
      .openapi({ description: 'The version at the first revision; absent where it was not there.' }),
    to: z
      .int()
      .optional()
      .openapi({ description: 'The version at the second revision; absent where it was not there.' }),
    body: z.unknown().optional().openapi({ description: 'What was added; not of a release.' }),
    patch: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'RFC 7396; absent where no patch makes the one of the other, and of a release.' }),
    paths: z.array(z.string()).optional().openapi({ description: 'JSON Pointers of what differs; not of a release.' }),
  })
  .openapi('ObjectDifference');

const diff = createRoute({
  method: 'get',
  path: '/api/v1/configuration/diff',
  tags,
  summary: 'What differs between two revisions or moments, by kind and name',
  description: 'What the caller may see of it. A page may be short, or empty, and have a `next` all the same.',
  request: {
    query: z.strictObject({
      from: asOfParam,
      to: asOfParam.optional(),
      kind: kindsParam.optional(),
      ...objectPaging,
    }),
  },
  responses: {
    200: json(
      z.object({ from: z.int(), to: z.int(), objects: z.array(objectDifference), next }),
      'A page, and the revisions that were compared.',
    ),
    ...refusals,
  },
});

const revertInput = z
  .strictObject({
    to: asOfInput,
    kinds: z.array(kindName).min(1).max(kindNames.length).optional().openapi({
      description: 'What is to be again as it was. Unless said, all that clients are answered by but emergency stops.',
    }),
    reason: z.string().trim().min(1).max(2000),
  })
  .openapi('RevertInput');

const revert = createRoute({
  method: 'post',
  path: '/api/v1/configuration/revert',
  tags,
  summary: 'Propose a change by which everything is again as it was',
  request: {
    headers: headersOf('idempotency-key'),
    body: { content: { 'application/json': { schema: revertInput } }, required: true },
  },
  responses: { 201: json(changeBody, 'The change; enacted already when nothing had to be waited for.'), ...refusals },
});
