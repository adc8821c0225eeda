import { Problem } from '../problem.ts';
import type { ObjectName } from '../store.ts';

/** Where the API has an object; a name may hold slashes and anything else. @throws Problem `object-not-found`. */
export function objectAddress({ kind, name }: ObjectName): string {
  try {
    return `/objects/${kind}/${encodeURIComponent(name)}`;
  } catch (cause) {
    throw new Problem('object-not-found', `there can be no ${kind} of this name`, [], { cause });
  }
}
