import type { Logger } from 'pino';
import type { OpenAgent } from '../agent/open-agent.ts';
import { type AgentToken, openAgentToken } from '../app/agent-account.ts';
import type { Changing } from '../app/changes/desk.ts';
import { hasScheduled } from '../app/changes/has-scheduled.ts';
import type { Config } from '../config.ts';
import { type Address, addressText } from '../http/address.ts';
import { Problem } from '../problem.ts';
import { waitFor } from '../wait-for.ts';
import type { Context } from './context.ts';

/** An agent that runs inside a server, or waits for something to do. */
export interface InsideAgent {
  /** What it has counted, for Prometheus; nothing before it has something to do. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface InsideAgentParts {
  readonly changing: Changing;
  /** Where the admin listener listens. */
  readonly admin: Address;
  readonly config: Config;
  readonly log: Logger;
}

const lookEveryMs = 1000;
const againMs = 30_000;
const dayMs = 86_400_000;
const tokenLastsMs = 30 * dayMs;
/** How far the clocks of nodes may be apart. */
const overlapMs = 60_000;

/**
 * Runs an agent inside a server: over its API, with a token of its own, as any other. Until something is scheduled nothing is
 * loaded and nothing is written.
 */
export function openInsideAgent(
  context: Pick<Context, 'loadOutsideSignals' | 'nowMs'>,
  { changing, admin, config, log }: InsideAgentParts,
): InsideAgent {
  const ending = new AbortController();
  let agent: OpenAgent | undefined;

  async function untilScheduled(): Promise<void> {
    for (let fromMs = 0; !ending.signal.aborted; await waitFor(lookEveryMs, ending.signal)) {
      const nowMs = changing.nowMs();
      try {
        if (await changing.store.read((view) => hasScheduled(view, fromMs))) return;
        fromMs = nowMs - overlapMs;
      } catch (error) {
        // The node itself says that its database is away.
        if (!(error instanceof Problem)) throw error;
      }
    }
  }

  /** Until its token is to be renewed, or the server stops. */
  async function runOnce(): Promise<void> {
    let token: AgentToken | undefined;
    try {
      token = await openAgentToken(changing, tokenLastsMs);
      const { startAgent } = await import('./start-agent.ts');
      // What listens on this machine is asked on this machine.
      agent = await startAgent(context, { url: urlOf(admin), token: token.secret, insecure: true, config, log });
      await waitFor(tokenLastsMs / 2, ending.signal);
    } finally {
      await agent?.stop();
      await token?.revoke().catch((err: unknown) => log.warn({ err }, 'the token of the agent could not be revoked'));
    }
  }

  const running = (async () => {
    await untilScheduled();
    while (!ending.signal.aborted) {
      try {
        await runOnce();
      } catch (err) {
        // The node itself says that its database is away.
        const isAway = err instanceof Problem && err.code.startsWith('store-');
        if (!isAway) log.error({ err }, 'no agent runs inside: what is scheduled is not enacted by this server');
        await waitFor(isAway ? lookEveryMs : againMs, ending.signal);
      }
    }
  })().catch((err: unknown) => log.error({ err }, 'a bug: the agent inside has ended'));

  return {
    metrics: async () => (agent === undefined ? '' : await agent.meter.text()),
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** What listens everywhere listens on this machine too. */
function urlOf({ host, port }: Address): string {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${addressText({ host: here, port })}`;
}
