// Commits the same counter to three objects with a change and an entry of the audit log that tell of it, again and again,
// and prints a line for each that was acknowledged.
// Arguments: the database file, a name for the objects, and how often (for ever, unless given).
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../dist/stores/sqlite/open-sqlite-store.js';

const [file, name, times = 'Infinity'] = process.argv.slice(2);
const store = await openSqliteStore(file);

/** Everything that an enactment writes, in one transaction. */
async function enact(transaction, counter, edits) {
  const note = { atMs: counter, author: name, reason: 'counting' };
  const { revision, versions, digest } = await transaction.commit(edits, note);
  const id = await transaction.nextChangeId();
  await transaction.putChange({
    id,
    version: 1,
    state: 'enacted',
    reason: `${counter}`,
    proposer: name,
    priority: 0,
    condition: { now: true },
    edits: versions.map(({ kind, name, version: madeVersion }) => {
      return { op: 'put', kind, name, expectedVersion: counter - 1, madeVersion };
    }),
    signOffs: [],
    conflicts: [],
    reaches: [],
    createdAtMs: counter,
    updatedAtMs: counter,
    end: { by: name, atMs: counter, reason: '', revision },
  });
  const detail = { commit: { revision, digest } };
  await transaction.append({ atMs: counter, actor: name, action: 'change.enacted', change: id, detail });
  return revision;
}

for (let counter = 1; counter <= Number(times); counter++) {
  // Every tenth commit is long, so that the log is folded now and then.
  const body = { counter, filler: 'x'.repeat(counter % 10 === 0 ? 100_000 : 10) };
  const edits = ['rule', 'release', 'pin'].map((kind) => ({ kind, name, body, expectedVersion: counter - 1 }));
  const revision = await store.write((transaction) => enact(transaction, counter, edits));
  writeSync(1, `${revision} ${counter}\n`);
  await new Promise(setImmediate);
}
await store.close();
