import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './sluice-process.ts';

export interface Field {
  /** How many installs run a version now. */
  on(version: string): number;
  /** What was answered that no update check is answered with. */
  failures(): readonly string[];
  stop(): Promise<void>;
}

export interface FieldOptions {
  readonly port: number;
  readonly installs: number;
  readonly everyMs: number;
  readonly from: string;
  readonly to: string;
}

/** Installs that check for updates, each at its own moment, and run what they are offered from the next check on. */
export function browsers({ port, installs, everyMs, from, to }: FieldOptions): Field {
  const running = Array.from({ length: installs }, () => from);
  const failures: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const browse = async (index: number): Promise<void> => {
    await pause((index / installs) * everyMs, undefined, { signal: stopping.signal });
    for (let atMs = Date.now(); ; atMs += everyMs) {
      const version = running[index] ?? from;
      const { status, body } = await ask(port, urlOf(version), {}, agent);
      if (status !== 200) failures.push(`${status} ${body}`);
      if (body.includes(`appVersion="${to}"`)) running[index] = to;
      await pause(Math.max(0, atMs + everyMs - Date.now()), undefined, { signal: stopping.signal });
    }
  };
  const all = running.map((_, index) =>
    browse(index).catch((error: unknown) => {
      if (!stopping.signal.aborted) failures.push(String(error));
    }),
  );
  return {
    on: (version) => running.filter((one) => one === version).length,
    failures: () => failures,
    async stop() {
      stopping.abort();
      await Promise.all(all);
      agent.destroy();
    },
  };
}

function urlOf(version: string): string {
  const build = version === '158.0' ? '20261116091500' : '20261026142000';
  return `/update/3/Firefox/${version}/${build}/Linux_x86_64-gcc3/en-US/release/Linux%206.1/default/default/update.xml`;
}
