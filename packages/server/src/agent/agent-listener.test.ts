import { expect, test } from 'vitest';
import { openAgentListener } from './agent-listener.ts';
import { openAgentMeter } from './agent-meter.ts';
import type { AgentHealth } from './open-agent.ts';

test('an agent tells whether it is ready, that it lives, and what it counts', async () => {
  let health: AgentHealth = { isReady: false, trouble: 'the token was revoked', pending: 3 };
  const meter = openAgentMeter(() => ({ ...health, oldestReadyAtMs: undefined }), Date.now);
  const onBug = (_: string, error: unknown) => expect.fail(String(error));
  const options = { agent: { health: () => health, meter }, token: undefined, onBug };
  const listener = await openAgentListener({ host: '127.0.0.1', port: 0 }, options);
  const get = (path: string) => fetch(`http://127.0.0.1:${listener.port}${path}`);
  try {
    const out = await get('/health');
    expect([out.status, await out.json()]).toEqual([
      503,
      { status: 'error', detail: 'the token was revoked', pending: 3 },
    ]);
    expect((await get('/health/live')).status).toBe(200);
    health = { isReady: true, pending: 3, seenAtMs: 7 };
    const well = await get('/health');
    expect([well.status, await well.json()]).toEqual([200, { status: 'ok', pending: 3, seenAtMs: 7 }]);
    const text = await (await get('/metrics')).text();
    expect(text).toContain('sluice_agent_ready 1');
    expect(text).toContain('sluice_agent_pending_changes 3');
  } finally {
    await listener.close(100);
  }
});
