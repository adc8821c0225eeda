import { z } from 'zod';
import type { App, Face, OpenFace, Reply } from '../face.ts';

const settings = z.strictObject({});

/** What load balancers and operators ask: `/__heartbeat__`, `/__lbheartbeat__` and `/__version__`. Source: Mozilla Dockerflow. */
export const dockerflow: Face<'dockerflow', typeof settings> = {
  name: 'dockerflow',
  summary: 'heartbeats and the version, as Mozilla Dockerflow has them',
  settings,
  open: openDockerflow,
};

function openDockerflow(app: App): OpenFace {
  const answers = new Map<string, () => Reply>([
    ['/__lbheartbeat__', () => json(200, { status: 'ok' })],
    ['/__heartbeat__', () => heartbeat(app)],
    ['/__version__', () => json(200, app.version)],
  ]);
  return {
    answer: ({ url }) => answers.get(url.split('?', 1)[0] ?? '')?.(),
    explain: () => undefined,
  };
}

/** Well while the newest configuration is served and kept; an answer is given from the last snapshot in any case. */
function heartbeat(app: App): Reply {
  const checks = app.checks();
  const status = Object.values(checks).every((check) => check === 'ok') ? 'ok' : 'error';
  return json(status === 'ok' ? 200 : 503, { status, checks, revision: app.snapshot().revision });
}

function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: ['Content-Type', 'application/json', 'Cache-Control', 'no-store'],
    body: JSON.stringify(body),
  };
}
