import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { httpAgentApi } from '../agent/http-agent-api.ts';
import { type OpenAgent, openAgent } from '../agent/open-agent.ts';
import { openServerClock } from '../agent/server-clock.ts';
import { readOutside } from '../app/readings/read-outside.ts';
import type { Config } from '../config.ts';
import { openOutside } from '../outside/open-outside.ts';
import { type ApiClientOptions, openApiClient } from './api-client.ts';
import type { Context } from './context.ts';

export interface AgentParts extends Pick<ApiClientOptions, 'url' | 'token' | 'insecure'> {
  readonly config: Pick<Config, 'agent' | 'outside' | 'secrets'>;
  readonly log: Logger;
}

/** How long an answer may be silent, and how long a server is waited for that is asked too often, in milliseconds. */
const silenceMs = 10_000;
const patienceMs = 5000;

/**
 * Starts an agent, which asks a server over its API, wherever that is.
 * @throws Problem `usage`, `sign-in-needed`, `invalid-config`
 */
export async function startAgent(
  { loadOutsideSignals, nowMs }: Pick<Context, 'loadOutsideSignals' | 'nowMs'>,
  { config, log, ...where }: AgentParts,
): Promise<OpenAgent> {
  const clock = openServerClock(nowMs);
  const client = openApiClient({ ...where, silenceMs, patienceMs, nowMs, onDate: (date) => clock.hear(date) });
  const signals = await loadOutsideSignals();
  const outside = openOutside(config);
  const { leaseSeconds } = config.agent;
  return openAgent({
    api: httpAgentApi({ client, holder: randomUUID(), leaseSeconds }),
    settings: config.agent,
    readOutside: (body) =>
      readOutside(body, {
        signals,
        outside,
        nowMs: clock.nowMs(),
        onBug: (err) => log.error({ err }, 'a bug: a signal could not be read'),
      }),
    nowMs: () => clock.nowMs(),
    draw: Math.random,
    log,
  });
}
