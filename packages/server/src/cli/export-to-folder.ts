import { kindNames } from '../kind.ts';
import { isKindName } from '../kinds/index.ts';
import { Problem } from '../problem.ts';
import type { ApiClient } from './api-client.ts';
import type { Context } from './context.ts';
import { objectAddress } from './object-address.ts';
import { printLines } from './print-lines.ts';
import { readServed } from './tree/read-served.ts';
import { writeTree } from './tree/write-tree.ts';

/** Writes one file per object that the server has and the caller may see. @throws Problem `usage`, `unwritable-file`. */
export async function exportToFolder(
  context: Context,
  api: ApiClient,
  folder: string,
  only: readonly string[],
): Promise<void> {
  const unknown = only.find((kind) => !isKindName(kind));
  if (unknown !== undefined) throw new Problem('usage', `there is no kind ${unknown}`);
  const kinds = only.length === 0 ? kindNames : only.filter(isKindName);
  const { revision, objects } = await readServed(api, kinds);
  const { written, same, removed, left } = await writeTree(folder, objects, {
    kinds,
    async wasThere(object) {
      try {
        await api.get(`${objectAddress(object)}/versions`, { limit: 1 });
        return true;
      } catch (error) {
        if (error instanceof Problem && error.code === 'object-not-found') return false;
        throw error;
      }
    },
  });
  for (const path of left) context.warn(`warning: ${path} is of no object that the server has or had, and stays`);
  const count = (paths: readonly string[], what: string) =>
    `${paths.length} file${paths.length === 1 ? '' : 's'} ${what}`;
  printLines(context, [
    `exported revision ${revision} to ${folder}: ${count(written, 'written')}, ${same} left as they were, ${count(removed, 'removed')}`,
  ]);
}
