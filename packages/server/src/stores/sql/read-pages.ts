import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { KindName } from '../../kind.ts';
import type {
  ObjectName,
  ObjectQuery,
  StoredObject,
  TouchedObject,
  TouchedQuery,
  VersionHeader,
  VersionQuery,
} from '../../store.ts';
import { pageLimit } from './page-limit.ts';
import { storedObject } from './read-content.ts';
import type { Schema } from './schema.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** One page of what lived at a revision. Only names that the page needs are looked up in the past. */
export async function readObjects(db: Kysely<Schema>, query: ObjectQuery): Promise<readonly StoredObject[]> {
  const { revision, kinds, name, after, bodiless = [], limit } = query;
  const page = pageLimit(limit);
  if (kinds.length === 0) return [];
  const named = name === undefined ? sql`` : sql`and name = ${toStoredText(name)}`;
  const body =
    bodiless.length === 0
      ? sql`object.body`
      : sql`case when object.kind in (${sql.join(bodiless)}) then 'null' else object.body end`;
  const { rows } = await sql<Schema['object_versions']>`
    select object.kind, object.name, object.version, object.revision, ${body} as body
    from (
      select kind, name, case when revision <= ${revision} then version else (
        select past.version from object_versions as past
        where past.kind = heads.kind and past.name = heads.name and past.revision <= ${revision}
        order by past.revision desc limit 1
      ) end as version
      from heads
      where ${among(kinds, after)} ${named}
    ) as head
    join object_versions as object
      on object.kind = head.kind and object.name = head.name and object.version = head.version
    where object.body is not null
    order by head.kind, head.name
    limit ${page}`.execute(db);
  return rows.flatMap((row) => storedObject(row) ?? []);
}

/** One page of what was touched between two revisions. */
export async function readTouched(db: Kysely<Schema>, query: TouchedQuery): Promise<readonly TouchedObject[]> {
  const { from, to, kinds, after, limit } = query;
  const page = pageLimit(limit);
  if (kinds.length === 0) return [];
  interface Row extends ObjectName {
    readonly from_version: number | null;
    readonly to_version: number | null;
  }
  const { rows } = await sql<Row>`
    select kind, name, ${versionAt(from)} as from_version, ${versionAt(to)} as to_version
    from (
      select distinct kind, name from object_versions
      where revision > ${from} and revision <= ${to} and ${among(kinds, after)}
      order by kind, name
      limit ${page}
    ) as touched
    order by kind, name`.execute(db);
  return rows.map(({ kind, name, from_version, to_version }) => ({
    kind,
    name: fromStoredText(name),
    ...(from_version === null ? {} : { from: from_version }),
    ...(to_version === null ? {} : { to: to_version }),
  }));
}

/** The version of a touched name at a revision, null where it did not live. */
function versionAt(revision: number): RawBuilder<unknown> {
  return sql`(
    select case when past.body is null then null else past.version end from object_versions as past
    where past.kind = touched.kind and past.name = touched.name and past.revision <= ${revision}
    order by past.revision desc limit 1
  )`;
}

/** One page of one object's past, newest first. */
export async function readVersions(db: Kysely<Schema>, query: VersionQuery): Promise<readonly VersionHeader[]> {
  const { kind, name, before, limit } = query;
  const rows = await db
    .selectFrom('object_versions as object')
    .innerJoin('commits', 'commits.revision', 'object.revision')
    .leftJoin('changes', 'changes.revision', 'object.revision')
    .select(['object.version', 'object.revision', 'at_ms', 'author', 'reason', 'changes.id as change'])
    .select((eb) => eb.case().when('object.body', 'is', null).then(1).else(0).end().as('deleted'))
    .where('object.kind', '=', kind)
    .where('object.name', '=', toStoredText(name))
    .$if(before !== undefined, (rows) => rows.where('object.version', '<', before ?? 0))
    .orderBy('object.version', 'desc')
    .limit(pageLimit(limit))
    .execute();
  return rows.map(({ version, revision, at_ms: atMs, author, reason, change, deleted }) => ({
    version,
    revision,
    atMs,
    author: fromStoredText(author),
    reason: fromStoredText(reason),
    ...(change === null ? {} : { change }),
    deleted: deleted === 1,
  }));
}

/** Which rows are of some kinds, and come after an object. */
function among(kinds: readonly KindName[], after: ObjectName | undefined): RawBuilder<unknown> {
  const ofKinds = sql`kind in (${sql.join(kinds)})`;
  return after === undefined
    ? ofKinds
    : sql`${ofKinds} and (kind, name) > (${after.kind}, ${toStoredText(after.name)})`;
}
