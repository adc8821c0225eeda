import { Hono } from 'hono';
import type { AdminEnv, AdminRoutes } from '../admin-face.ts';
import type { Address } from '../http/address.ts';
import { type OpenAdminListener, openAdminListener } from '../http/admin-listener.ts';
import type { OpenAgent } from './open-agent.ts';

export interface AgentListenerOptions {
  readonly agent: Pick<OpenAgent, 'health' | 'meter'>;
  readonly token: string | undefined;
  readonly onBug: (id: string, error: unknown) => void;
}

/** Opens what tells how an agent is: `/health`, `/health/live` and `/metrics`. @throws Problem `address-in-use`. */
export function openAgentListener(
  address: Address,
  { agent, token, onBug }: AgentListenerOptions,
): Promise<OpenAdminListener> {
  const routes: AdminRoutes = new Hono<AdminEnv>();
  routes.get('/health', (c) => {
    const { isReady, trouble, pending, seenAtMs } = agent.health();
    const said = { status: isReady ? 'ok' : 'error', detail: trouble, pending, seenAtMs };
    return c.json(said, isReady ? 200 : 503);
  });
  // Says nothing of the server: an agent that is restarted because that is away is of no more use than before.
  routes.get('/health/live', (c) => c.json({ status: 'ok' }));
  routes.get('/metrics', async (c) =>
    c.body(await agent.meter.text(), 200, { 'Content-Type': agent.meter.contentType }),
  );
  return openAdminListener(address, { faces: [{ authorisation: 'listener', routes }], onBug, token });
}
