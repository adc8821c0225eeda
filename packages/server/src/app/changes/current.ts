import { LRUCache } from 'lru-cache';
import type { ChangeSummary } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import type { ReleaseBody } from '../../kinds/release.ts';
import type { Mark, StoredObject, StoreView } from '../../store.ts';
import { type Access, openAccess } from '../access/access.ts';
import { keyOf } from '../prepare-edits.ts';
import { type PendingLead, readPendingLeads } from './read-pending-leads.ts';

/** What is configured at one moment. */
export interface Current {
  readonly mark: Mark;
  /** Every living object; the body of a release is `null`, for all of them may be a lot to read. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly access: Access;
  get(kind: KindName, name: string): StoredObject | undefined;
  /** The same, where a release's blob is there as far as it leads to other releases. */
  withReleases(view: StoreView): Promise<ReadonlyMap<string, StoredObject>>;
  /** The product of a version of a release, as far as it was read before. */
  knownProductOf(release: ReleaseVersion): string | undefined;
  /** The product of a version of a release, living or not; `undefined` where it cannot be told. */
  productOf(view: StoreView, release: ReleaseVersion): Promise<string | undefined>;
  /** What a pending change would make that leads to releases. */
  pendingLeadsOf(view: StoreView, change: ChangeVersion, nowMs: number): Promise<readonly PendingLead[]>;
}

/** One version of one release. */
export type ReleaseVersion = Pick<StoredObject, 'name' | 'version'>;

/** One version of one change. */
export type ChangeVersion = Pick<ChangeSummary, 'id' | 'version' | 'updatedAtMs'>;

/** Knows what is configured, and reads only what has changed since it was last asked. */
export type CurrentObjects = (view: StoreView) => Promise<Current>;

/** A mark that nobody has, so that everything is told. */
const nowhere: Mark = { revision: 0, commit: 'none' };
const mostProducts = 50_000;
const mostPending = 50_000;

/** What was read in releases and pending changes and need not be read again. */
interface Kept {
  readonly outlines: Map<string, StoredObject>;
  /** By name and version. */
  readonly products: LRUCache<string, string>;
  readonly pending: LRUCache<string, readonly PendingLead[]>;
}

/** Begins with nothing. What it answers with is never altered afterwards. */
export function followCurrent(): CurrentObjects {
  let kept: Current | undefined;
  const read: Kept = {
    outlines: new Map(),
    products: new LRUCache({ max: mostProducts }),
    pending: new LRUCache({ max: mostPending }),
  };
  return async (view) => {
    const before = kept;
    const newest = await view.newest();
    if (before !== undefined && isSame(before.mark, newest)) return before;
    const changes = await view.changesSince(before?.mark ?? nowhere, ['release']);
    const objects = new Map(changes.whole ? [] : before?.objects);
    for (const { kind, name } of changes.deleted) objects.delete(keyOf(kind, name));
    for (const object of changes.objects) objects.set(keyOf(object.kind, object.name), object);
    if (changes.whole) {
      read.outlines.clear();
      read.products.clear();
      read.pending.clear();
    }
    kept = currentOf(changes.mark, objects, read);
    return kept;
  };
}

function isSame(a: Mark, b: Mark): boolean {
  return a.revision === b.revision && a.commit === b.commit;
}

function currentOf(
  mark: Mark,
  objects: ReadonlyMap<string, StoredObject>,
  { outlines, products, pending }: Kept,
): Current {
  let access: Access | undefined;
  return {
    mark,
    objects,
    get access() {
      access ??= openAccess(objects.values());
      return access;
    },
    get: (kind, name) => objects.get(keyOf(kind, name)),
    async withReleases(view) {
      const whole = new Map(objects);
      for (const [key, object] of objects) {
        if (object.kind !== 'release') continue;
        let outline = outlines.get(key);
        if (outline?.version !== object.version) {
          outline = outlineOf(object, await view.bodyOf('release', object.name, object.version));
          outlines.set(key, outline);
        }
        whole.set(key, outline);
      }
      return whole;
    },
    knownProductOf: (release) => products.get(versionKey(release)),
    async productOf(view, release) {
      const key = versionKey(release);
      const known = products.get(key);
      if (known !== undefined) return known;
      const body = await view.bodyOf('release', release.name, release.version);
      const product = (body as Partial<ReleaseBody> | null | undefined)?.product;
      if (typeof product !== 'string') return undefined;
      products.set(key, product);
      return product;
    },
    async pendingLeadsOf(view, { id, version, updatedAtMs }, nowMs) {
      const key = `${id} ${version} ${updatedAtMs}`;
      const known = pending.get(key);
      if (known !== undefined) return known;
      const leads = await readPendingLeads(view, id);
      // What this transaction has written itself may never come to be.
      if (updatedAtMs < nowMs) pending.set(key, leads);
      return leads;
    },
  };
}

function versionKey({ name, version }: ReleaseVersion): string {
  return `${version} ${name}`;
}

/** Releases are a megabyte or so each, and all of them are kept. */
function outlineOf(object: StoredObject, body: unknown): StoredObject {
  const { product, blob } = body as ReleaseBody;
  const { name, schema_version } = blob;
  const { blobs, products } = blob as { readonly blobs?: unknown; readonly products?: unknown };
  return { ...object, body: { product, blob: { name, schema_version, blobs, products } } };
}
