import { Command } from 'commander';
import type { Context } from './context.ts';
import { printLines } from './print-lines.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';

interface StopOptions extends ApiOptions {
  readonly channel?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly locale?: string;
  readonly reason?: string;
  readonly json?: true;
}

/** What the API answers to a stop. */
interface Stopped {
  readonly name: string;
  readonly revision: number;
  readonly change?: number;
  readonly cachesHoldSeconds: number;
  readonly note: string;
}

/** How long every node may take to learn of it. */
const nodesMs = 5000;

/** `sluice stop PRODUCT`. */
export function stopCommand(context: Context): Command {
  return addApiOptions(new Command('stop').summary('stop a product in an emergency'))
    .description(
      'Stops updates of a product at once, without a sign-off, also for those who ask by hand. To start again is a change.',
    )
    .argument('<product>')
    .option('--channel <channel>', 'only on a channel')
    .option('--platform <platform>', 'only on a platform')
    .option('--version <version>', 'only for those who have a version')
    .option('--locale <locales>', 'only for locales, separated by commas')
    .option('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON')
    .action((product: string, options: StopOptions) => stop(context, product, options));
}

async function stop(context: Context, product: string, options: StopOptions): Promise<void> {
  const { channel, platform, version, locale, reason } = options;
  const api = openApi(context, options);
  const { body } = await api.send<Stopped>('POST', '/stops', { product, channel, platform, version, locale, reason });
  if (options.json === true) {
    context.print(JSON.stringify(body, null, 2));
    return;
  }
  const { name, revision, change, cachesHoldSeconds } = body;
  const answeredMs = context.nowMs();
  const after = (ms: number): string =>
    new Date(Math.ceil((answeredMs + ms) / 1000) * 1000).toISOString().replace('.000', '');
  const caches = `  caches in front may hand out what they hold for ${cachesHoldSeconds} s more, until ${after(nodesMs + cachesHoldSeconds * 1000)}`;
  printLines(context, [
    change === undefined
      ? `${name} was stopped already; revision ${revision}`
      : `stopped ${name}; revision ${revision}, change ${change}`,
    `  every node that reaches the database holds it within ${nodesMs / 1000} s, from ${after(nodesMs)} at the latest`,
    ...(cachesHoldSeconds === 0 ? [] : [caches]),
    `  to start again: sluice change propose --delete 'emergency-stop ${name}' --reason …`,
  ]);
}
