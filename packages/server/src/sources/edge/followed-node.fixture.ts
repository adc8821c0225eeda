import { type EdgeNode, type EdgeNodeOptions, openEdgeNode } from '../../admin-faces/edge/edge-node.fixture.ts';
import { followSource } from '../../app/follow-source.ts';
import type { Source } from '../../source.ts';
import type { Store } from '../../store.ts';
import { storeSource } from '../store.ts';

/** A node without public listener that follows a source, or a store. */
export async function openFollowedNode(followed: Source | Store, options?: EdgeNodeOptions): Promise<EdgeNode> {
  const node = await openEdgeNode(options);
  const source = 'from' in followed ? followed : storeSource(async () => followed, node.shelf);
  const following = await followSource(source, {
    assembly: node.assembly,
    everyMs: 5,
    nowMs: Date.now,
    spread: Math.random,
    onChanges: node.tell,
    onTrouble: () => {},
    onFault: () => {},
  });
  return {
    ...node,
    async close() {
      await following.stop();
      await node.close();
    },
  };
}
