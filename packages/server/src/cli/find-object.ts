import { Problem } from '../problem.ts';
import type { ApiClient } from './api-client.ts';
import type { FindObject } from './change/quick-edits.ts';
import { objectAddress } from './object-address.ts';
import type { ServedObject } from './tree/compare-tree.ts';

/** Finds objects through the API, as they are now. */
export function findObjectIn(api: ApiClient): FindObject {
  return async (object) => {
    try {
      return (await api.get<ServedObject>(objectAddress(object))).body;
    } catch (error) {
      if (error instanceof Problem && error.code === 'object-not-found') return undefined;
      throw error;
    }
  };
}
