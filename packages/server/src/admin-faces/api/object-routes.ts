import { createRoute, z } from '@hono/zod-openapi';
import { atMoment } from '../../app/changes/desk.ts';
import { compareBodies } from '../../app/history/compare-bodies.ts';
import { findObject } from '../../app/history/find-object.ts';
import { findVersion } from '../../app/history/find-version.ts';
import { listObjects } from '../../app/history/list-objects.ts';
import { listVersions } from '../../app/history/list-versions.ts';
import { revisionOf } from '../../app/history/revision-of.ts';
import { reachAt } from '../../reach.ts';
import type { AddRoutes } from './api-env.ts';
import { asOfParam, kindsParam, placeParams, wholeNumber } from './asked-of.ts';
import { beforeCursor } from './before-cursor.ts';
import { objectCursor, objectPaging, readObjectCursor } from './object-cursor.ts';
import {
  listedObject,
  objectName,
  presentListed,
  presentVersion,
  presentWhole,
  versionHeader,
  wholeObject,
  wholeVersion,
} from './object-schemas.ts';
import { json, next, paging, refusals } from './schemas.ts';

/** Configuration by object, as it is and as it was. */
export const addObjectRoutes: AddRoutes = (api, app) => {
  api.openapi(list, async (c) => {
    const { kind, product, channel, name, asOf, limit, cursor } = c.req.valid('query');
    const place = cursor === undefined ? undefined : readObjectCursor(cursor, 1);
    const body = await atMoment(app.changing, async (moment) => {
      const revision = place?.revisions[0] ?? (await revisionOf(moment, asOf));
      const search = { revision, kinds: kind, name, at: reachAt(product, channel), after: place?.after, limit };
      const { found, next } = await listObjects(moment, c.get('caller'), search);
      const more = next === undefined ? {} : { next: objectCursor([revision], next) };
      return { revision, objects: found.map(presentListed), ...more };
    });
    return c.json(body, 200);
  });

  api.openapi(one, async (c) => {
    const wanted = c.req.valid('param');
    const { asOf } = c.req.valid('query');
    const object = await atMoment(app.changing, async (moment) =>
      findObject(moment, c.get('caller'), wanted, await revisionOf(moment, asOf)),
    );
    c.header('ETag', `"${object.version}"`);
    return c.json(object, 200);
  });

  api.openapi(versions, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const { before } = beforeCursor(cursor);
    const { found, next } = await atMoment(app.changing, (moment) =>
      listVersions(moment, c.get('caller'), c.req.valid('param'), { before, limit }),
    );
    return c.json({ versions: found.map(presentVersion), ...(next !== undefined && { next: String(next) }) }, 200);
  });

  api.openapi(version, async (c) => {
    const { version: wanted, ...object } = c.req.valid('param');
    const found = await atMoment(app.changing, (moment) => findVersion(moment, c.get('caller'), object, wanted));
    c.header('ETag', `"${found.version}"`);
    return c.json(presentWhole(object, found), 200);
  });

  api.openapi(diff, async (c) => {
    const object = c.req.valid('param');
    const { from, to } = c.req.valid('query');
    const caller = c.get('caller');
    const body = await atMoment(app.changing, async (moment) => {
      const [newest] = to === undefined ? (await listVersions(moment, caller, object, { limit: 1 })).found : [];
      const before = await findVersion(moment, caller, object, from);
      const after = await findVersion(moment, caller, object, to ?? newest?.version ?? from);
      const { patch, paths } = compareBodies(before.body, after.body);
      return {
        ...(patch !== undefined && { patch: { ...patch } }),
        paths: [...paths],
        before: presentWhole(object, before),
        after: presentWhole(object, after),
      };
    });
    return c.json(body, 200);
  });
};

const tags = ['objects'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/objects',
  tags,
  summary: 'Objects, by kind and name',
  description: `Those that the caller may see; all pages are of one revision. A page may be short, or empty, and have a \`next\`
all the same. What reaches all products is found under each.`,
  request: {
    query: z.strictObject({
      kind: kindsParam.optional(),
      ...placeParams,
      name: z.string().min(1).max(1000).optional().openapi({ description: 'With exactly this name.' }),
      asOf: asOfParam.optional(),
      ...objectPaging,
    }),
  },
  responses: {
    200: json(
      z.object({
        revision: z.int().openapi({ description: 'The revision that was looked at.' }),
        objects: z.array(listedObject),
        next,
      }),
      'A page.',
    ),
    ...refusals,
  },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/objects/{kind}/{name}',
  tags,
  summary: 'One object',
  request: { params: objectName, query: z.strictObject({ asOf: asOfParam.optional() }) },
  responses: { 200: json(wholeObject, 'The object; its version is the ETag.'), ...refusals },
});

const versions = createRoute({
  method: 'get',
  path: '/api/v1/objects/{kind}/{name}/versions',
  tags,
  summary: 'Who made the versions of an object, when and why, the newest first',
  request: { params: objectName, query: z.strictObject(paging) },
  responses: { 200: json(z.object({ versions: z.array(versionHeader), next }), 'A page.'), ...refusals },
});

const versionNumber = wholeNumber(1);

const version = createRoute({
  method: 'get',
  path: '/api/v1/objects/{kind}/{name}/versions/{version}',
  tags,
  summary: 'One version of an object',
  request: { params: objectName.extend({ version: versionNumber }) },
  responses: { 200: json(wholeVersion, 'The version; its number is the ETag.'), ...refusals },
});

const diff = createRoute({
  method: 'get',
  path: '/api/v1/objects/{kind}/{name}/diff',
  tags,
  summary: 'What lies between two versions of an object',
  request: {
    params: objectName,
    query: z.strictObject({
      from: versionNumber.openapi({ description: 'A version.' }),
      to: versionNumber.optional().openapi({ description: 'A version; the newest unless said.' }),
    }),
  },
  responses: {
    200: json(
      z
        .object({
          patch: z
            .record(z.string(), z.unknown())
            .optional()
            .openapi({ description: 'RFC 7396; absent where no patch makes the one of the other.' }),
          paths: z.array(z.string()).openapi({ description: 'JSON Pointers of what differs; `""` is the whole.' }),
          before: wholeVersion,
          after: wholeVersion,
        })
        .openapi('VersionDifference'),
      'Both versions, and what lies between them.',
    ),
    ...refusals,
  },
});
