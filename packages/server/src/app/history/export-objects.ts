import type { KindName } from '../../kind.ts';
import type { ObjectName, StoredObject } from '../../store.ts';
import { atMoment, type Caller, type Changing } from '../changes/desk.ts';
import { sightOf } from './sight.ts';

/** Releases are a megabyte or so each. */
const releasesAtOnce = 4;
const objectsAtOnce = 200;

/**
 * Gives everything that lived at a revision and that somebody may see, with its content, by kind and name, a piece at a time.
 * Each piece is read by itself, so that a reader who is slow holds up nobody: the past does not change.
 */
export async function* exportObjects(
  changing: Changing,
  caller: Caller,
  { revision, kinds }: { readonly revision: number; readonly kinds: readonly KindName[] },
): AsyncGenerator<readonly StoredObject[]> {
  for (const kind of [...kinds].sort()) {
    const limit = kind === 'release' ? releasesAtOnce : objectsAtOnce;
    for (let after: ObjectName | undefined; ; ) {
      const { read, seen } = await atMoment(changing, async (moment) => {
        const sight = sightOf(moment, caller);
        if (!sight.kinds.includes(kind)) return { read: [], seen: [] };
        const page = await moment.tx.objects({ revision, kinds: [kind], limit, ...(after !== undefined && { after }) });
        const shown: StoredObject[] = [];
        for (const object of page) if (await sight.sees(object)) shown.push(object);
        return { read: page, seen: shown };
      });
      if (seen.length > 0) yield seen;
      const last = read.at(-1);
      if (last === undefined || read.length < limit) break;
      after = { kind: last.kind, name: last.name };
    }
  }
}
