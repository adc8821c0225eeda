import type { Kysely } from 'kysely';
import type { Notice, NoticeQuery } from '../../notice.ts';
import { pageLimit } from './page-limit.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, toStoredBody, toStoredText } from './stored-text.ts';

type Row = Pick<Schema['notices'], 'id' | 'document'>;

/** The states of notices that are still to be sent. */
const open = ['waiting', 'sending'] as const;
const closed = ['delivered', 'failed', 'void'] as const;

/** One notice. */
export async function readNotice(db: Kysely<Schema>, id: string): Promise<Notice | undefined> {
  const row = await db
    .selectFrom('notices')
    .select(['id', 'document'])
    .where('id', '=', toStoredText(id))
    .executeTakeFirst();
  return row && notice(row);
}

/** One page of notices: the newest first, or, of those that are due, the longest due first. */
export async function readNotices(db: Kysely<Schema>, query: NoticeQuery): Promise<readonly Notice[]> {
  const { change, notifier, dueByMs, before, limit } = query;
  const states = query.states ?? (dueByMs === undefined ? undefined : open);
  let rows = db.selectFrom('notices').select(['id', 'document']).limit(pageLimit(limit));
  // SQL knows no empty list.
  if (states?.length === 0) return [];
  if (states !== undefined) rows = rows.where('state', 'in', states);
  if (change !== undefined) rows = rows.where('change_id', '=', change);
  if (notifier !== undefined) rows = rows.where('notifier', '=', toStoredText(notifier));
  if (before !== undefined) {
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at_ms', 'id'), '<', tuple(Math.floor(before.createdAtMs), toStoredText(before.id))),
    );
  }
  if (dueByMs !== undefined) {
    rows = rows.where('next_at_ms', '<=', Math.floor(dueByMs)).orderBy('next_at_ms').orderBy('created_at_ms');
    return (await rows.orderBy('id').execute()).map(notice);
  }
  return (await rows.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').execute()).map(notice);
}

/** Notices after an id, by id. */
export async function readNoticesAfter(db: Kysely<Schema>, id: string, limit: number): Promise<readonly Notice[]> {
  const rows = db.selectFrom('notices').select(['id', 'document']).where('id', '>', toStoredText(id));
  return (await rows.orderBy('id').limit(limit).execute()).map(notice);
}

/** Writes a notice, over the one with its id if there is one. */
export async function writeNotice(db: Kysely<Schema>, notice: Notice): Promise<void> {
  const row = {
    change_id: notice.change ?? null,
    notifier: toStoredText(notice.notifier),
    state: notice.state,
    created_at_ms: Math.floor(notice.createdAtMs),
    next_at_ms: Math.ceil(notice.nextAtMs),
    document: toStoredBody(notice),
  };
  await db
    .insertInto('notices')
    .values({ id: toStoredText(notice.id), ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Forgets the notices that were last attempted before a time, or were to be, and are not to be sent any more. */
export async function forgetNotices(db: Kysely<Schema>, atMs: number): Promise<void> {
  await db.deleteFrom('notices').where('next_at_ms', '<', Math.floor(atMs)).where('state', 'in', closed).execute();
}

function notice({ id, document }: Row): Notice {
  return fromStoredBody(document, `notice ${id}`) as Notice;
}
