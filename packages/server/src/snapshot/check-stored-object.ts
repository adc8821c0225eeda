import { kindNamed } from '../kinds/index.ts';
import { mistakesOf } from '../place.ts';
import { problemOf } from '../problem.ts';
import type { StoredObject } from '../store.ts';

/**
 * Makes sure that what a store holds can be served: another program may have written it, or an older Sluice. Answers it
 * with what an older one could not know filled in.
 * @throws Problem `invalid-object` naming the object and the field.
 */
export function checkStoredObject(object: StoredObject): StoredObject {
  const { kind, name, version } = object;
  const known = kindNamed(kind);
  const at = `${kind} ${name}, version ${version}`;
  if (known === undefined) throw problemOf('invalid-object', [{ at, message: 'there is no such kind' }]);
  if (!known.served) throw problemOf('invalid-object', [{ at, message: 'is none that is served' }]);
  if (known.namePattern?.test(name) === false) {
    throw problemOf('invalid-object', [{ at, message: known.nameRule ?? 'is no name' }]);
  }
  const parsed = known.schema.safeParse(object.body);
  if (!parsed.success) throw problemOf('invalid-object', mistakesOf(parsed.error, { at }));
  const body = parsed.data;
  if (known.salted && typeof (body as { readonly salt?: unknown }).salt !== 'string') {
    throw problemOf('invalid-object', [{ at: `${at}.salt`, message: 'is missing' }]);
  }
  return { ...object, body };
}
