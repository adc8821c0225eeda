import { edgeSource } from './edge.ts';
import { storeSource } from './store.ts';

/** Everything that a node can follow. */
export const sources = { store: storeSource, edge: edgeSource } as const;
