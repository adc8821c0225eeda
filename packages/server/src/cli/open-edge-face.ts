import type { OpenAdminFace } from '../admin-face.ts';
import type { Config } from '../config.ts';
import type { BringBatch } from '../counting/send-counts.ts';
import type { OpenNode } from '../node/open-node.ts';
import { noMark } from '../snapshot/manifest.ts';
import type { Serving } from './context.ts';

/** What edges follow, for as long as the node runs. */
export interface OpenEdgeFace {
  readonly face: OpenAdminFace;
  /** Sends away who listens. */
  stop(): void;
}

/** Opens what edges follow; `undefined` for a node that has no edge tokens. @throws Problem when it has no key to sign with. */
export async function openEdgeFace(
  { edgeFace, openSigningKey }: Pick<Serving, 'edgeFace' | 'openSigningKey'>,
  { data, edge: { tokens, signingKeyFile } }: Pick<Config, 'data' | 'edge'>,
  node: OpenNode,
  bringCounts: BringBatch,
): Promise<OpenEdgeFace | undefined> {
  if (tokens.length === 0) return undefined;
  const stopping = new AbortController();
  const { assembly, readings, shelf } = node;
  const routes = edgeFace.open({
    tokens,
    signingKey: await openSigningKey({ data, file: signingKeyFile }),
    shelf,
    mark: () => assembly.assembled()?.mark ?? noMark,
    manifest: () => assembly.manifest(),
    watch: (onSnapshot) => node.watch(onSnapshot),
    putReading: (source, reading) => readings.put(source, reading),
    bringCounts,
    onDamaged: () => node.refetch(),
    stopping: stopping.signal,
  });
  return { face: { authorisation: edgeFace.authorisation, routes }, stop: () => stopping.abort() };
}
