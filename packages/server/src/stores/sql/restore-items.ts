import type { Kysely } from 'kysely';
import type { AuditEntry } from '../../audit.ts';
import type { BinCount } from '../../count.ts';
import { Problem } from '../../problem.ts';
import type { StoredReading } from '../../signal.ts';
import type { StoredCommit } from '../../stored-commit.ts';
import type { StoredItem } from '../../stored-item.ts';
import { insertAudit, readAuditHead, writeAuditHead } from './audit-rows.ts';
import { readNextChangeId, writeChange } from './change-rows.ts';
import { addCounts } from './count-rows.ts';
import { writeCountSource } from './count-source-rows.ts';
import { readCredentials, writeCredential } from './credential-rows.ts';
import { insertCommit } from './insert-commit.ts';
import { writeNotice } from './notice-rows.ts';
import { readRevision } from './read-content.ts';
import { writeReadings } from './reading-rows.ts';
import type { Schema } from './schema.ts';
import { toStoredBody, toStoredText } from './stored-text.ts';

/** Things of which there are many, in one statement. */
const batchSize = 100;

/**
 * Writes things as they were, inside a write transaction of the caller, and answers the revision after them. An audit
 * log that is not sound any more is taken over as it is, so that it goes on telling so.
 * @throws Problem `store-not-empty`.
 */
export async function restoreItems(db: Kysely<Schema>, items: AsyncIterable<StoredItem>): Promise<number> {
  await refuseUnlessEmpty(db);
  let newest = 0;
  const entries = gathering((entries: readonly AuditEntry[]) => insertAudit(db, entries));
  const readings = gathering((readings: readonly StoredReading[]) => writeReadings(db, readings));
  const counts = gathering((counts: readonly BinCount[]) => addCounts(db, counts));
  for await (const item of items) {
    if (item.kind === 'commit') {
      const { revision } = item.commit;
      if (revision !== newest + 1) throw new RangeError(`Revision ${revision} cannot follow revision ${newest}.`);
      await restoreCommit(db, item.commit);
      newest = revision;
    } else if (item.kind === 'change') await writeChange(db, item.change);
    else if (item.kind === 'credential') await writeCredential(db, item.credential);
    else if (item.kind === 'audit-head') await writeAuditHead(db, item.head);
    else if (item.kind === 'audit-entry') await entries.add(item.entry);
    else if (item.kind === 'reading') await readings.add(item.reading);
    else if (item.kind === 'notice') await writeNotice(db, item.notice);
    else if (item.kind === 'count') await counts.add(item.count);
    else await writeCountSource(db, item.source);
  }
  for (const gathered of [entries, readings, counts]) await gathered.flush();
  return newest;
}

interface Gathering<T> {
  add(item: T): Promise<void>;
  /** Writes what was not written yet. */
  flush(): Promise<void>;
}

/** Writes things many at a time. */
function gathering<T>(write: (items: readonly T[]) => Promise<void>): Gathering<T> {
  let held: T[] = [];
  const flush = async (): Promise<void> => {
    const items = held;
    held = [];
    if (items.length > 0) await write(items);
  };
  return {
    async add(item) {
      if (held.push(item) === batchSize) await flush();
    },
    flush,
  };
}

async function refuseUnlessEmpty(db: Kysely<Schema>): Promise<void> {
  const newest = await readRevision(db);
  const has =
    newest > 0 ||
    (await readNextChangeId(db)) > 1 ||
    (await readAuditHead(db)).seq > 0 ||
    (await readCredentials(db, { limit: 1 })).length > 0;
  if (!has) return;
  const detail = `It is at revision ${newest}; only a database in which there was never anything takes a backup.`;
  throw new Problem('store-not-empty', detail);
}

function restoreCommit(db: Kysely<Schema>, { revision, atMs, author, reason, versions }: StoredCommit): Promise<void> {
  return insertCommit(
    db,
    { revision, at_ms: atMs, author: toStoredText(author), reason: toStoredText(reason) },
    versions.map(({ kind, name, version, body }) => ({
      kind,
      name: toStoredText(name),
      version,
      body: body === undefined ? null : toStoredBody(body),
    })),
  );
}
