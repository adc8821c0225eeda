import { kindNames } from '../../kind.ts';
import { Problem } from '../../problem.ts';
import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { compareTree, type TreeComparison } from './compare-tree.ts';
import { readServed } from './read-served.ts';
import { readTree } from './read-tree.ts';

export interface TreeDifferenceOptions {
  readonly prune?: true;
}

/** A comparison with what a server has, and which revision that was. */
export interface TreeDifference extends TreeComparison {
  readonly revision: number | undefined;
}

/**
 * Compares a folder with a server, and tells of what a person should look at.
 * @throws Problem `invalid-object` with every mistake, its file and line; `usage` for a folder that manages nothing.
 */
export async function findTreeDifference(
  context: Context,
  api: Pick<ApiClient, 'get'>,
  folder: string,
  { prune }: TreeDifferenceOptions,
): Promise<TreeDifference> {
  const tree = await readTree(folder);
  for (const doubt of tree.doubts) context.warn(`warning: ${doubt}`);
  if (tree.mistakes.length > 0) {
    const { length } = tree.mistakes;
    throw new Problem('invalid-object', `${length} mistake${length === 1 ? '' : 's'} in ${folder}`, tree.mistakes);
  }
  if (tree.managed.size === 0)
    throw new Problem('usage', `${folder} has no folder that is named after a kind, such as ${kindNames[0]}/`);
  const { revision, objects } = await readServed(api, [...tree.managed]);
  const comparison = compareTree(tree, objects, { prune: prune === true });
  for (const { kind, name, why } of comparison.stays)
    context.warn(`warning: ${kind} ${name} has no file and stays: ${why}`);
  return { ...comparison, revision };
}
