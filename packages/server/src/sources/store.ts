import { kindNamed } from '../kinds/index.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import { checkStoredObject } from '../snapshot/check-stored-object.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import type { ObjectName, Store, StoredObject } from '../store.ts';

/** Releases that are in memory at once, while they go from the store to the shelf. */
const atOnce = 4;

/** A store as a source. It is opened when it is first asked, and again until that succeeds. */
export function storeSource(open: () => Promise<Store>, shelf: Pick<ReleaseShelf, 'put'>): Source {
  const hinted = new Set<() => void>();
  let opened: Store | undefined;
  let opening: Promise<Store> | undefined;
  let unwatch: (() => void) | undefined;

  const store = async (): Promise<Store> => {
    if (opened !== undefined) return opened;
    opening ??= open();
    try {
      opened = await opening;
    } finally {
      opening = undefined;
    }
    unwatch ??= opened.watch?.(() => {
      for (const onHint of hinted) onHint();
    });
    return opened;
  };

  return {
    from: 'store',
    newest: async () => (await store()).newest(),
    async changesSince(mark) {
      const from = await store();
      const changes = await from.changesSince(mark, ['release']);
      const objects = await shelve(changes.objects.filter(isServed), from, shelf);
      return { ...changes, objects, deleted: changes.deleted.filter(isServed) };
    },
    watch(onHint) {
      hinted.add(onHint);
      return () => hinted.delete(onHint);
    },
    async close() {
      unwatch?.();
      const closing = opened ?? (await opening?.catch(() => undefined));
      await closing?.close();
    },
  };
}

/** Who may do what is nobody's business but the store's: it goes neither to a disk nor to an edge. An unknown kind is told. */
function isServed({ kind }: ObjectName): boolean {
  return kindNamed(kind)?.served !== false;
}

/** Checks what the store holds, and puts the releases among it on the shelf. */
async function shelve(
  objects: readonly StoredObject[],
  store: Pick<Store, 'bodyOf'>,
  shelf: Pick<ReleaseShelf, 'put'>,
): Promise<readonly StoredObject[]> {
  const shelved = [...objects];
  const releases = [...objects.entries()].filter(([, { kind }]) => kind === 'release');
  const worker = async (): Promise<void> => {
    for (let next = releases.pop(); next !== undefined; next = releases.pop()) {
      const [index, object] = next;
      const body = await store.bodyOf(object.kind, object.name, object.version);
      const whole = checkStoredObject({ ...object, body });
      shelved[index] = { ...object, body: await shelf.put(whole.body as ReleaseBody) };
    }
  };
  // Releases first: a file that was lost comes back even while something else cannot be served.
  await Promise.all(Array.from({ length: atOnce }, worker));
  return shelved.map((object) => (object.kind === 'release' ? object : checkStoredObject(object)));
}
