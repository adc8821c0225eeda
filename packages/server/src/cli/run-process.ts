import cluster from 'node:cluster';
import type { Context } from './context.ts';
import type { NodeCommandOptions } from './node-options.ts';
import type { NodeRole } from './run-node.ts';

/** Runs a node, or one of its workers, until it is told to stop. Each loads only what it needs. */
export async function runProcess(context: Context, options: NodeCommandOptions, role: NodeRole): Promise<void> {
  if (cluster.isWorker) return (await import('../node/worker.ts')).runWorker(context);
  return (await import('./run-node.ts')).runNode(context, options, role);
}
