import type { Kysely } from 'kysely';
import { digestOfTexts } from '../../audit-chain.ts';
import { Problem } from '../../problem.ts';
import type { StoreTransaction } from '../../store.ts';
import type { StoredVersion } from '../../stored-commit.ts';
import { auditWriter } from './audit-writer.ts';
import { readNextChangeId, writeChange } from './change-rows.ts';
import { writeClaim } from './claim-rows.ts';
import { commitEdits } from './commit-edits.ts';
import { addCounts, forgetCounts } from './count-rows.ts';
import { advanceCountSource, forgetCountSources } from './count-source-rows.ts';
import { forgetCredentials, writeCredential } from './credential-rows.ts';
import { guarded } from './guarded.ts';
import type { NewVersion } from './insert-commit.ts';
import { forgetNotices, writeNotice } from './notice-rows.ts';
import { prepareEdits } from './prepared-edit.ts';
import { storedVersion } from './read-past.ts';
import { forgetReadings, writeReadings } from './reading-rows.ts';
import { forgetReplays, writeReplay } from './replay-rows.ts';
import type { Schema } from './schema.ts';
import { sqlView } from './sql-view.ts';
import { fromStoredText } from './stored-text.ts';

/** What a write transaction came to. */
export interface Written<T> {
  readonly result: T;
  /** Whether anything was written at all. */
  readonly wrote: boolean;
  /** Whether anything was written that those who watch wait for; what is counted and read all the time is not. */
  readonly tells: boolean;
}

/** Does `work` inside a write transaction of the caller; when it throws, the caller must roll back. */
export async function inSqlTransaction<T>(
  db: Kysely<Schema>,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<Written<T>> {
  const audit = auditWriter(db);
  let wrote = false;
  let tells = false;
  let broken: { readonly error: unknown } | undefined;
  let over = false;

  const mark = (written: boolean): void => {
    wrote ||= written;
    tells ||= written;
  };
  const writing = async <R>(write: Promise<R>): Promise<R> => {
    const result = await write;
    mark(true);
    return result;
  };
  const quietly = async <R>(write: Promise<R>): Promise<R> => {
    const result = await write;
    wrote = true;
    return result;
  };
  const transaction: StoreTransaction = {
    ...sqlView(db),
    async commit(edits, note) {
      const { revision, versions } = await commitEdits(db, prepareEdits(edits), note);
      mark(versions.length > 0);
      const texts = versions.map(({ kind, name, version, body }) => {
        return { kind, name: fromStoredText(name), version, text: body ?? undefined };
      });
      return { revision, versions: versions.map(readLater), digest: digestOfTexts(texts) };
    },
    nextChangeId: () => readNextChangeId(db),
    putChange: (change) => writing(writeChange(db, change)),
    append: (entry) => writing(audit.append(entry)),
    async removeAudit(seq) {
      mark(await audit.remove(seq));
    },
    putCredential: (credential) => writing(writeCredential(db, credential)),
    async forgetBefore({ credentials, replays, counts, readings, notices }) {
      mark(await forgetCredentials(db, credentials));
      mark(await forgetReplays(db, replays));
      if (counts !== undefined) await quietly(forgetCounts(db, counts));
      if (counts !== undefined) await quietly(forgetCountSources(db, counts));
      if (readings !== undefined) await quietly(forgetReadings(db, readings));
      if (notices !== undefined) await quietly(forgetNotices(db, notices));
    },
    putReplay: (replay) => writing(writeReplay(db, replay)),
    async mergeCounts(batch, atMs) {
      const isNew = await quietly(advanceCountSource(db, batch, atMs));
      if (isNew) await addCounts(db, batch.counts);
      return isNew;
    },
    putReadings: (readings) => quietly(writeReadings(db, readings)),
    putNotice: (notice) => quietly(writeNotice(db, notice)),
    putClaim: (claim) => quietly(writeClaim(db, claim)),
  };

  const onFailure = (error: unknown): void => {
    // After a statement that failed PostgreSQL takes a commit for a rollback, without a word.
    if (!(error instanceof Problem)) broken ??= { error };
  };
  try {
    const result = await work(guarded(transaction, { over: () => over, onFailure }));
    if (broken !== undefined) throw broken.error;
    return { result, wrote, tells };
  } finally {
    over = true;
  }
}

/** What was just written is seldom asked for, and may be a lot to read. */
function readLater(made: NewVersion): StoredVersion {
  const { kind, version } = made;
  return {
    kind,
    name: fromStoredText(made.name),
    version,
    get body() {
      return storedVersion(made).body;
    },
  };
}
