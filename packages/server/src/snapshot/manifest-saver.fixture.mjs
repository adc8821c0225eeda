// Puts releases on the shelf and saves manifests that name them, again and again, and prints a line for each that is kept.
// Arguments: the data folder, and the number to begin with.
import { writeSync } from 'node:fs';
import { ReleaseShelf } from '../../dist/snapshot/release-shelf.js';
import { snapshotFolder } from '../../dist/snapshot/snapshot-folder.js';

const [data, from] = process.argv.slice(2);
const folder = snapshotFolder(data);
const shelf = new ReleaseShelf({ folder: folder.releases, memoryBytes: 1_000_000 });
for (let revision = Number(from); ; revision += 1) {
  const locales = { de: { buildID: String(revision) } };
  // Every third is long, so that a kill often comes amid a write.
  const openURL = 'x'.repeat(revision % 3 === 0 ? 2_000_000 : 10);
  const blob = { schema_version: 9, name: 'R', appVersion: '1.0', openURL, platforms: { Linux: { locales } } };
  const body = await shelf.put({ product: 'MyApp', blob });
  const note = { kind: 'rule', name: '1', version: revision, revision, body: { comment: openURL } };
  const objects = [{ kind: 'release', name: 'R', version: revision, revision, body }, note];
  await folder.save({ mark: { revision, commit: `commit ${revision}` }, objects });
  writeSync(1, `${revision}\n`);
  await shelf.sweep(new Set([body.sha256]), revision, 3);
}
