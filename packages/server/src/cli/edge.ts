import { Command } from 'commander';
import type { Config } from '../config.ts';
import type { EdgeSource } from '../edge-source.ts';
import { Problem } from '../problem.ts';
import { announceNode } from './announce-node.ts';
import type { Context } from './context.ts';
import { type NodeCommandOptions, nodeOptions } from './node-options.ts';
import type { SourceParts } from './run-node.ts';
import { runProcess } from './run-process.ts';

interface EdgeOptions extends NodeCommandOptions {
  readonly from?: string;
}

/** `sluice edge`: answers clients with what another node serves, until it is told to stop. */
export function edgeCommand(context: Context): Command {
  const command = new Command('edge')
    .summary('answer clients with what another node serves')
    .description('Answers clients with what another node serves, without a database, until SIGTERM or SIGINT.')
    .option('--from <url>', 'the admin listener of the node to follow; SLUICE_EDGE_TOKEN holds the token')
    .option('--data <dir>', 'folder in which the last snapshot is kept (default: ./data)');
  for (const option of nodeOptions()) command.addOption(option);
  return command.action((options: EdgeOptions) => runEdge(context, options));
}

function runEdge(context: Context, options: EdgeOptions): Promise<void> {
  let report = (_: Parameters<EdgeSource['report']>[0]['reading']): void => {};
  let bring: EdgeSource['bringCounts'] | undefined;
  return runProcess(context, options, {
    settings: { 'edge.from': options.from },
    openSource(config, parts) {
      const source = openSource(config, parts);
      const onTrouble = (err: unknown): void =>
        parts.log.warn({ err }, 'the node cannot be told what this edge counts');
      report = (reading) => source.report({ reading, onTrouble });
      bring = (batch) => source.bringCounts(batch);
      return source;
    },
    everyMs: ({ edge }) => edge.everyMs,
    async bringCounts(batch) {
      if (bring === undefined) throw new Error('counts are brought once the source is open');
      await bring(batch);
    },
    onOpen(node, { edge }) {
      report(() => node.reading());
      announceNode(context, node, edge.from ?? '');
    },
  });
}

function openSource({ data, edge }: Config, { shelf, log, serving }: SourceParts): EdgeSource {
  const { from, token, publicKey } = edge;
  if (from === undefined) throw new Problem('invalid-config', 'edge.from: which node is followed? --from says it');
  if (token === undefined) throw new Problem('invalid-config', 'edge.token: is missing; SLUICE_EDGE_TOKEN says it');
  return serving.edgeSource({
    from,
    token,
    data,
    publicKey,
    shelf,
    spread: Math.random,
    onFirstKey: (first) =>
      log.warn(first, 'the node has shown its key for the first time; from now on no other is trusted'),
    onDoubt: (doubt) => log.warn({ from }, doubt),
  });
}
