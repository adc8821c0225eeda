import type { Kysely } from 'kysely';
import type { KindName } from '../../kind.ts';
import type { HistoryEntry, StoreContent, StoredObject } from '../../store.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, fromStoredText, toStoredText } from './stored-text.ts';

/** The number of the newest commit, 0 when there is none. */
export async function readRevision(db: Kysely<Schema>): Promise<number> {
  const newest = db.selectFrom('commits').select('revision').orderBy('revision', 'desc').limit(1);
  return (await newest.executeTakeFirst())?.revision ?? 0;
}

/** The newest version of every name that was touched after `revision`. */
export async function readSince(db: Kysely<Schema>, revision: number): Promise<StoreContent> {
  const rows = await heads(db).where('heads.revision', '>', revision).execute();
  const objects: StoredObject[] = [];
  const deleted: StoreContent['deleted'][number][] = [];
  for (const row of rows) {
    const object = storedObject(row);
    if (object === undefined) deleted.push({ kind: row.kind, name: fromStoredText(row.name) });
    else objects.push(object);
  }
  return { revision: await readRevision(db), objects, deleted };
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

/** The heads with their bodies, in the order of their names. */
function heads(db: Kysely<Schema>) {
  return db
    .selectFrom('heads')
    .innerJoin('object_versions as object', (join) =>
      join
        .onRef('object.kind', '=', 'heads.kind')
        .onRef('object.name', '=', 'heads.name')
        .onRef('object.version', '=', 'heads.version'),
    )
    .select(['heads.kind', 'heads.name', 'heads.version', 'heads.revision', 'object.body'])
    .orderBy('heads.kind')
    .orderBy('heads.name');
}

function storedObject(row: Schema['object_versions']): StoredObject | undefined {
  if (row.body === null) return undefined;
  const name = fromStoredText(row.name);
  return { ...row, name, body: fromStoredBody(row.body, titleOf(row.kind, name)) };
}

/** An object's name in a complaint. */
export function titleOf(kind: KindName, name: string): string {
  return `${kind} ${JSON.stringify(name)}`;
}
