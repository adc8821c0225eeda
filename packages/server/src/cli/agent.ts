import { Command } from 'commander';
import { openAgentListener } from '../agent/agent-listener.ts';
import { addressText } from '../http/address.ts';
import { openLog } from '../node/open-log.ts';
import type { Context } from './context.ts';
import { startAgent } from './start-agent.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { type ApiOptions, addApiOptions } from './with-api.ts';
import { setOption } from './with-store.ts';

interface AgentOptions extends ApiOptions {
  readonly listen?: string;
  readonly set: readonly string[];
}

/** `sluice agent`: has changes enacted when it is time, until it is told to stop. */
export function agentCommand(context: Context): Command {
  return addApiOptions(new Command('agent').summary('have changes enacted when it is time'))
    .description(
      'Watches what is pending on a server, reads signals, and asks the server to enact what is due, until SIGTERM or SIGINT.\nSLUICE_TOKEN holds the token of a service account with the role agent.',
    )
    .option('--listen <host:port|off>', 'where health and metrics are told (default: off)')
    .addOption(setOption())
    .action((options: AgentOptions) => runAgent(context, options));
}

/** How long running requests for health and metrics may take to end, in milliseconds. */
const drainMs = 500;

async function runAgent(context: Context, { url, listen, config: file, set, insecure }: AgentOptions): Promise<void> {
  const { config, warnings } = context.loadConfig({ file, options: { url, 'agent.listen': listen }, set });
  const log = openLog(config);
  for (const { at, message } of warnings) log.warn({ at }, message);
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const stopping = stopOnSignals(log, close);
  try {
    const where = { url: config.url, token: config.token, insecure: insecure === true };
    const agent = await startAgent(context, { ...where, config, log });
    closers.push(() => agent.stop());
    context.print(`Sluice ${context.version.version} watches what is pending on ${config.url}`);
    if (config.agent.listen === 'off') return;
    const onBug = (id: string, err: unknown): void => log.error({ id, err }, 'a bug: a request could not be answered');
    const listener = await openAgentListener(config.agent.listen, { agent, token: config.adminToken, onBug });
    closers.push(() => listener.close(drainMs));
    context.print(`  health  http://${addressText(listener)}  (health, metrics)`);
  } catch (error) {
    if (stopping()) return;
    await close();
    throw error;
  }
}
