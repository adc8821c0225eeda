import type { EdgeSource, EdgeSourceOptions } from '../edge-source.ts';
import { Problem } from '../problem.ts';
import { checkStoredObject } from '../snapshot/check-stored-object.ts';
import { type Manifest, shelved } from '../snapshot/manifest.ts';
import type { Mark, StoreChanges } from '../store.ts';
import { bringCounts } from './edge/bring-counts.ts';
import { changesBetween } from './edge/changes-between.ts';
import { type Fetched, fetchManifest } from './edge/fetch-manifest.ts';
import { fetchReleases } from './edge/fetch-releases.ts';
import { Link, type LinkOptions } from './edge/link.ts';
import { PinnedKey } from './edge/pinned-key.ts';
import { type Reporting, reportReadings } from './edge/report-readings.ts';
import { watchCommits } from './edge/watch-commits.ts';

/** How long and how large an answer may be. */
export interface EdgeLimits extends Pick<LinkOptions, 'silenceMs' | 'answerMs'> {
  readonly mostManifestBytes?: number;
  readonly mostReleaseBytes?: number;
}

const megabyte = 1024 * 1024;
/** How many manifests are remembered; most of what is in them they share. */
const mostKnown = 4;

/** A node as a source. @throws Problem `invalid-config`, `unreadable-file` when the key to trust cannot be read. */
export function edgeSource(options: EdgeSourceOptions & EdgeLimits): EdgeSource {
  const { shelf, spread, mostManifestBytes = 256 * megabyte, mostReleaseBytes = 64 * megabyte } = options;
  const link = new Link(options);
  /** Another one, so that the last report can be made when nothing else is waited for. */
  const toReport = new Link(options);
  const key = new PinnedKey(link, options);
  if (link.isOpenToAll) options.onDoubt('what is sent to the node, the token too, can be read on the way: use https');
  const unwatch = new Set<() => void>();
  let seen: Fetched | undefined;
  /** What changes can be told from, the oldest first: whoever asks was told of one of them, or had it on the disk. */
  const known: Manifest[] = [];
  let reporting: Reporting | undefined;

  const look = async (): Promise<Fetched> => {
    const found = await fetchManifest(link, key, seen, mostManifestBytes);
    if (found !== seen) known.push(found.manifest);
    if (known.length > mostKnown) known.shift();
    seen = found;
    return found;
  };
  const changes = async (from: Mark, to: Manifest): Promise<StoreChanges> => {
    const before = known.find(({ mark }) => isSame(mark, from));
    if (before !== undefined) return changesBetween(before, to);
    const files = to.objects.flatMap((object) => (object.kind === 'release' ? [shelved(object).sha256] : []));
    // Whoever wants everything may have lost something.
    await shelf.discardDamaged(files);
    return { mark: to.mark, whole: true, objects: to.objects, deleted: [] };
  };

  return {
    from: 'edge',
    newest: async () => (await look()).manifest.mark,
    async changesSince(mark) {
      const { manifest } = seen ?? (await look());
      const found = await changes(mark, manifest);
      for (const object of found.objects) if (object.kind !== 'release') checkStoredObject(object);
      return { ...found, objects: await fetchReleases(found.objects, link, shelf, mostReleaseBytes) };
    },
    watch(onHint) {
      const stop = watchCommits(link, onHint, { spread });
      unwatch.add(stop);
      return () => {
        stop();
        unwatch.delete(stop);
        // Who stops following waits for what is on its way, and a node that hangs must not hold that up.
        link.giveUp();
      };
    },
    report(how) {
      if (reporting !== undefined) throw new Problem('usage', 'an edge reports once');
      reporting = reportReadings(toReport, how);
    },
    bringCounts: (batch) => bringCounts(toReport, batch),
    async close() {
      for (const stop of unwatch) stop();
      link.close();
      await reporting?.stop();
      toReport.close();
    },
  };
}

function isSame(a: Mark, b: Mark): boolean {
  return a.revision === b.revision && a.commit === b.commit;
}
