// Commits the same counter to three objects, again and again, and prints a line for each commit that was acknowledged.
// Arguments: the database file, a name for the objects, and how often (for ever, unless given).
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../dist/stores/sqlite/open-sqlite-store.js';

const [file, name, times = 'Infinity'] = process.argv.slice(2);
const store = await openSqliteStore(file);
for (let counter = 1; counter <= Number(times); counter++) {
  // Every tenth commit is long, so that the log is folded now and then.
  const body = { counter, filler: 'x'.repeat(counter % 10 === 0 ? 100_000 : 10) };
  const edits = ['rule', 'release', 'pin'].map((kind) => ({ kind, name, body, expectedVersion: counter - 1 }));
  const revision = await store.commit(edits, { atMs: counter, author: name, reason: 'counting' });
  writeSync(1, `${revision} ${counter}\n`);
  await new Promise(setImmediate);
}
await store.close();
