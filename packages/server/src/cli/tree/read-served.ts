import type { KindName } from '../../kind.ts';
import type { ApiClient } from '../api-client.ts';
import { objectAddress } from '../object-address.ts';
import type { ServedObject } from './compare-tree.ts';

/** What a server has of some kinds, all at one revision. */
export interface Served {
  /** Absent where nothing was asked for. */
  readonly revision?: number;
  readonly objects: readonly ServedObject[];
}

interface Page {
  readonly revision: number;
  readonly objects: readonly ServedObject[];
  readonly next?: string;
}

/** How many releases are fetched at a time. */
const atOnce = 4;

/** Reads all objects of some kinds that the caller may see. */
export async function readServed(api: Pick<ApiClient, 'get'>, kinds: readonly KindName[]): Promise<Served> {
  if (kinds.length === 0) return { objects: [] };
  const objects: ServedObject[] = [];
  let revision: number | undefined;
  for (let cursor: string | undefined; ; ) {
    const { body } = await api.get<Page>('/objects', { kind: kinds, limit: 500, cursor });
    revision = body.revision;
    objects.push(...body.objects);
    if (body.next === undefined) break;
    cursor = body.next;
  }
  return { revision, objects: await withReleases(api, objects) };
}

/** Lists leave out the bodies of releases. A version never changes, so all are still of the one revision. */
async function withReleases(
  api: Pick<ApiClient, 'get'>,
  listed: readonly ServedObject[],
): Promise<readonly ServedObject[]> {
  const objects = [...listed];
  const waiting = objects.flatMap((object, i) => (object.kind === 'release' ? [i] : []));
  const fetchNext = async (): Promise<void> => {
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const object = objects[i] as ServedObject;
      const path = `${objectAddress(object)}/versions/${object.version}`;
      objects[i] = { ...object, body: (await api.get<{ readonly body: unknown }>(path)).body.body };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fetchNext));
  return objects;
}
