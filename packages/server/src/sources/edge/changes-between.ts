import type { Manifest } from '../../snapshot/manifest.ts';
import type { StoreChanges, StoredObject } from '../../store.ts';

/** What leads from one manifest to the next, which was read with the objects of the first at hand. */
export function changesBetween(before: Manifest, { mark, objects }: Manifest): StoreChanges {
  const known = new Set(before.objects);
  const living = new Set(objects.map(keyOf));
  return {
    mark,
    whole: false,
    objects: objects.filter((object) => !known.has(object)),
    deleted: before.objects.filter((object) => !living.has(keyOf(object))).map(({ kind, name }) => ({ kind, name })),
  };
}

function keyOf({ kind, name }: StoredObject): string {
  return `${kind}\0${name}`;
}
