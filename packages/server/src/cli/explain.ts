import { Command, Option } from 'commander';
import { compile, type Decision, firstTicket, lastTicket } from 'sluice';
import { drawTicket } from '../app/draw-ticket.ts';
import { toConfiguration } from '../app/load-configuration.ts';
import type { App, Explanation } from '../face.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { explanationLines } from './explanation-lines.ts';
import { configOption, dataOption, existing, type StoreOptions, setOption, withStore } from './with-store.ts';

interface ExplainOptions extends StoreOptions {
  readonly ticket?: number;
  readonly userAgent?: string;
  readonly json?: true;
  readonly set: readonly string[];
}

/** `sluice explain URL`. */
export function explainCommand(context: Context): Command {
  return new Command('explain')
    .summary('say what a URL would be answered, and why')
    .description(
      'Decides what a client that asks this URL gets now, and says which throttle, rule, ticket and release made it so.',
    )
    .argument('<url>', 'path and query, or a whole address')
    .addOption(dataOption())
    .addOption(configOption())
    .addOption(setOption())
    .addOption(new Option('--ticket <number>', 'use this ticket for every draw').argParser(readTicket))
    .option('--user-agent <text>', 'the User-Agent header')
    .option('--json', 'print the decision as JSON')
    .action((url: string, options: ExplainOptions) => explain(context, url, options));
}

function readTicket(text: string): number {
  const ticket = Number(text);
  if (Number.isInteger(ticket) && ticket >= firstTicket && ticket <= lastTicket) return ticket;
  throw new Problem('usage', `a ticket is a whole number from ${firstTicket} to ${lastTicket}`);
}

async function explain(context: Context, url: string, options: ExplainOptions): Promise<void> {
  const { config } = context.loadConfig({ file: options.config, options: { data: options.data }, set: options.set });
  await withStore(
    context,
    options,
    async (store) => {
      const { revision, objects } = await store.load();
      const snapshot = compile(toConfiguration(revision, objects));
      const { ticket } = options;
      const app: App = {
        snapshot: () => snapshot,
        nowMs: context.nowMs,
        draw: ticket === undefined ? drawTicket : () => ticket,
        readRelease: (name) => snapshot.releases.get(name),
        checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
        version: context.version,
      };
      const asked = { method: 'GET', url: url.replace(/^[a-z]+:\/\/[^/]*/i, ''), userAgent: options.userAgent };
      for (const face of context.faces) {
        const explanation = face.open(app, config.faces[face.name]).explain(asked);
        if (explanation === undefined) continue;
        if (options.json === true) context.print(JSON.stringify(toJson(face.name, explanation), null, 2));
        else for (const line of explanationLines(face.name, asked.url, explanation)) context.print(line);
        return;
      }
      throw new Problem('usage', `no face answers ${asked.url}`);
    },
    existing,
  );
}

function toJson(face: string, { request, decision, reply }: Explanation): unknown {
  return {
    face,
    request,
    decision: decision && withoutBlobs(decision),
    reply: { status: reply.status, body: reply.body },
  };
}

/** Releases by their names: their blobs are long, and `sluice export` has them. */
function withoutBlobs(decision: Decision): unknown {
  if (decision.kind !== 'serve') return decision;
  const { release, parts, products, ...rest } = decision;
  return {
    ...rest,
    release: release.name,
    parts: parts.map((part) => ({ ...part, release: part.release.name })),
    ...(products !== undefined && {
      products: products.map(({ product, decision: inner }) => ({ product, decision: withoutBlobs(inner) })),
    }),
  };
}
