import { type Kysely, sql } from 'kysely';
import type { Change, ChangeEdit, ChangeSummary } from '../../change.ts';
import type { ChangeQuery, ObjectName } from '../../store.ts';
import { batches } from './batches.ts';
import { pageLimit } from './page-limit.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, toStoredBody, toStoredText } from './stored-text.ts';

type Row = Pick<Schema['changes'], 'id' | 'document' | 'edits'>;

/** One change. */
export async function readChange(db: Kysely<Schema>, id: number): Promise<Change | undefined> {
  const row = await db
    .selectFrom('changes')
    .select(['id', 'document', 'edits'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && wholeChange(row);
}

/** Whole changes after an id, by id. */
export async function readChangesAfter(db: Kysely<Schema>, id: number, limit: number): Promise<readonly Change[]> {
  const rows = db.selectFrom('changes').select(['id', 'document', 'edits']).where('id', '>', id);
  return (await rows.orderBy('id').limit(limit).execute()).map(wholeChange);
}

/** One page of changes, without their edits. */
export async function readChanges(db: Kysely<Schema>, query: ChangeQuery): Promise<readonly ChangeSummary[]> {
  const { states, proposer, object, kind, dueByMs, updatedFromMs, before, limit } = query;
  let rows = db.selectFrom('changes').select(['id', 'document']).limit(pageLimit(limit));
  // SQL knows no empty list.
  if (states?.length === 0) return [];
  if (states !== undefined) rows = rows.where('state', 'in', states);
  if (proposer !== undefined) rows = rows.where('proposer', '=', toStoredText(proposer));
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (updatedFromMs !== undefined) rows = rows.where('updated_at_ms', '>=', Math.ceil(updatedFromMs));
  if (object !== undefined) {
    const { kind, name } = object;
    rows = rows.where('id', 'in', (eb) =>
      eb
        .selectFrom('change_objects')
        .select('change_id')
        .where('kind', '=', kind)
        .where('name', '=', toStoredText(name)),
    );
  }
  if (kind !== undefined) {
    rows = rows.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('change_objects').select('name').whereRef('change_id', '=', 'changes.id').where('kind', '=', kind),
      ),
    );
  }
  if (dueByMs !== undefined) {
    // In the words of the index.
    const due = sql<number>`coalesce(due_at_ms, 0)`;
    rows = rows.where(due, '<=', Math.floor(dueByMs)).orderBy(due).orderBy('priority', 'desc').orderBy('id');
  } else {
    rows = rows.orderBy('id', 'desc');
  }
  return (await rows.execute()).map(summary);
}

/** The change that made a revision. */
export async function readChangeAt(db: Kysely<Schema>, revision: number): Promise<ChangeSummary | undefined> {
  const row = await db
    .selectFrom('changes')
    .select(['id', 'document'])
    .where('revision', '=', revision)
    .executeTakeFirst();
  return row && summary(row);
}

/** The changes that may still be enacted and edit any of `objects`, by id. */
export async function readOpenChanges(db: Kysely<Schema>, objects: readonly ObjectName[]): Promise<readonly Change[]> {
  const found = new Map<number, Row>();
  for (const batch of batches(objects)) {
    const names = sql.join(batch.map(({ kind, name }) => sql`(${kind}, ${toStoredText(name)})`));
    const { rows } = await sql<Row>`
      select id, document, edits from changes where id in (
        select change_id from change_objects where open = 1 and (kind, name) in (values ${names})
      )`.execute(db);
    for (const row of rows) found.set(row.id, row);
  }
  return [...found.values()].sort((a, b) => a.id - b.id).map(wholeChange);
}

/** One more than any change ever had. */
export async function readNextChangeId(db: Kysely<Schema>): Promise<number> {
  const newest = db.selectFrom('changes').select('id').orderBy('id', 'desc').limit(1);
  return ((await newest.executeTakeFirst())?.id ?? 0) + 1;
}

/** Writes a change, over the one with its id if there is one. */
export async function writeChange(db: Kysely<Schema>, change: Change): Promise<void> {
  const row = changeRow(change);
  const { id, ...rest } = row;
  await db
    .insertInto('changes')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
  await db.deleteFrom('change_objects').where('change_id', '=', id).execute();
  const open = change.state === 'draft' || change.state === 'pending' ? 1 : 0;
  const objects = new Map(
    change.edits.map(({ kind, name: plain }) => {
      const name = toStoredText(plain);
      return [`${kind}/${name}`, { change_id: id, kind, name, open }];
    }),
  );
  for (const batch of batches([...objects.values()])) await db.insertInto('change_objects').values(batch).execute();
}

function changeRow({ edits, ...change }: Change): Schema['changes'] {
  const objects = edits.map(({ kind, name, op, expectedVersion, madeVersion }) => ({
    kind,
    name,
    op,
    expectedVersion,
    ...(madeVersion === undefined ? {} : { madeVersion }),
  }));
  const document: ChangeSummary = { ...change, objects };
  // An enactment that altered nothing names the revision that it found, which another change may have made.
  const wrote = change.state === 'enacted' && objects.some(({ madeVersion }) => madeVersion !== undefined);
  return {
    id: change.id,
    version: change.version,
    state: change.state,
    proposer: toStoredText(change.proposer),
    priority: change.priority,
    due_at_ms: change.dueAtMs === undefined ? null : Math.ceil(change.dueAtMs),
    revision: (wrote ? change.end?.revision : undefined) ?? null,
    updated_at_ms: change.updatedAtMs,
    document: toStoredBody(document),
    edits: toStoredBody(edits),
  };
}

function summary({ id, document }: Omit<Row, 'edits'>): ChangeSummary {
  return fromStoredBody(document, `change ${id}`) as ChangeSummary;
}

function wholeChange(row: Row): Change {
  const { objects: _, ...rest } = summary(row);
  return { ...rest, edits: fromStoredBody(row.edits, `change ${row.id}`) as readonly ChangeEdit[] };
}
