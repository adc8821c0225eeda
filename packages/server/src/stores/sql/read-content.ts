import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { KindName } from '../../kind.ts';
import type { HistoryEntry, Mark, ObjectName, StoreChanges, StoreContent, StoredObject } from '../../store.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, fromStoredText, toStoredText } from './stored-text.ts';

/** The number of the newest commit, 0 when there is none. */
export async function readRevision(db: Kysely<Schema>): Promise<number> {
  const newest = db.selectFrom('commits').select('revision').orderBy('revision', 'desc').limit(1);
  return (await newest.executeTakeFirst())?.revision ?? 0;
}

/** The newest commit. */
export async function readNewest(db: Kysely<Schema>): Promise<Mark> {
  const newest = db.selectFrom('commits').selectAll().orderBy('revision', 'desc').limit(1);
  return markOf(await newest.executeTakeFirst());
}

/** A commit as a mark. */
export function markOf(commit: Schema['commits'] | undefined): Mark {
  if (commit === undefined) return { revision: 0, commit: '' };
  const { revision, at_ms: atMs, author, reason } = commit;
  const digest = createHash('sha256').update(JSON.stringify([revision, atMs, author, reason]));
  return { revision, commit: digest.digest('hex').slice(0, 32) };
}

/** Every living object. */
export async function readAll(db: Kysely<Schema>, bodiless: readonly KindName[] = []): Promise<StoreContent> {
  const { mark, objects } = await readChanges(db, { revision: 0, commit: '' }, bodiless);
  return { revision: mark.revision, objects };
}

/** The newest version of every name that was touched after `since`. */
export async function readChanges(
  db: Kysely<Schema>,
  since: Mark,
  bodiless: readonly KindName[] = [],
): Promise<StoreChanges> {
  const before = await db.selectFrom('commits').selectAll().where('revision', '=', since.revision).executeTakeFirst();
  const known = markOf(before);
  const whole = known.revision !== since.revision || known.commit !== since.commit;
  const after = whole ? 0 : since.revision;
  const touched = heads(db, bodiless).where('heads.revision', '>', after);
  // Asked of the database, the order of few rows would have it go through all names.
  const rows = await (after === 0 ? touched.orderBy('heads.kind').orderBy('heads.name') : touched).execute();
  if (after > 0) rows.sort((a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.name, b.name));
  const objects: StoredObject[] = [];
  const deleted: ObjectName[] = [];
  for (const row of rows) {
    const object = storedObject(row);
    if (object !== undefined) objects.push(object);
    else if (!whole) deleted.push({ kind: row.kind, name: fromStoredText(row.name) });
  }
  return { mark: await readNewest(db), whole, objects, deleted };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The body of one version. */
export async function readBody(db: Kysely<Schema>, kind: KindName, name: string, version: number): Promise<unknown> {
  const row = await db
    .selectFrom('object_versions')
    .select('body')
    .where('kind', '=', kind)
    .where('name', '=', toStoredText(name))
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined || row.body === null ? undefined : fromStoredBody(row.body, titleOf(kind, name));
}

/** One living object. */
export async function readObject(db: Kysely<Schema>, kind: KindName, name: string): Promise<StoredObject | undefined> {
  const row = await heads(db)
    .where('heads.kind', '=', kind)
    .where('heads.name', '=', toStoredText(name))
    .executeTakeFirst();
  return row && storedObject(row);
}

/** Every version of one name, newest first. */
export async function readHistory(db: Kysely<Schema>, kind: KindName, name: string): Promise<readonly HistoryEntry[]> {
  const rows = await db
    .selectFrom('object_versions as object')
    .innerJoin('commits', 'commits.revision', 'object.revision')
    .select(['object.version', 'object.revision', 'object.body', 'at_ms', 'author', 'reason'])
    .where('object.kind', '=', kind)
    .where('object.name', '=', toStoredText(name))
    .orderBy('object.version', 'desc')
    .execute();
  return rows.map(({ version, revision, body, at_ms: atMs, author, reason }) => ({
    version,
    revision,
    body: body === null ? undefined : fromStoredBody(body, titleOf(kind, name)),
    atMs,
    author: fromStoredText(author),
    reason: fromStoredText(reason),
  }));
}

/** The heads with their bodies. A body that is not wanted is JSON's `null`. */
function heads(db: Kysely<Schema>, bodiless: readonly KindName[] = []) {
  return db
    .selectFrom('heads')
    .innerJoin('object_versions as object', (join) =>
      join
        .onRef('object.kind', '=', 'heads.kind')
        .onRef('object.name', '=', 'heads.name')
        .onRef('object.version', '=', 'heads.version'),
    )
    .select(['heads.kind', 'heads.name', 'heads.version', 'heads.revision'])
    .select((eb) =>
      bodiless.length === 0
        ? eb.ref('object.body').as('body')
        : eb
            .case()
            .when(eb.and([eb('heads.kind', 'in', bodiless), eb('object.body', 'is not', null)]))
            .then(eb.val('null'))
            .else(eb.ref('object.body'))
            .end()
            .as('body'),
    );
}

/** A row as an object, `undefined` where it is a deletion. */
export function storedObject(row: Schema['object_versions']): StoredObject | undefined {
  if (row.body === null) return undefined;
  const name = fromStoredText(row.name);
  return { ...row, name, body: fromStoredBody(row.body, titleOf(row.kind, name)) };
}

/** An object's name in a complaint. */
export function titleOf(kind: KindName, name: string): string {
  return `${kind} ${JSON.stringify(name)}`;
}
