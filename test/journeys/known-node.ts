import { cpSync } from 'node:fs';
import { expect } from 'vitest';
import type { Bundle } from './balrog-bundle.ts';
import type { Place } from './commit-marks.ts';
import { knownWorld } from './known-world.ts';
import type { Target } from './load.ts';
import { makeFile, makeFolder, run, type Server, type StartOptions, serve } from './sluice-process.ts';

/** A data folder and a database that holds the known world. */
export interface KnownNode extends Place {
  readonly data: string;
  readonly options: StartOptions;
  /** Starts `sluice serve` there. */
  serve(...args: readonly string[]): Promise<Server>;
}

/** Makes the known world, or the one that is given, in a new folder or at an address of PostgreSQL. */
export async function makeKnownNode(address?: string, world: Bundle = knownWorld): Promise<KnownNode> {
  const data = makeFolder();
  const options = { environment: address === undefined ? {} : { DATABASE_URL: address } };
  const args = ['--data', data];
  const { code, stderr } = await run(['import', 'balrog', makeFile('world.json', world), ...args], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return nodeIn(data, options);
}

/** A copy of a node that does not run, with what it has on its disk. */
export function copyOf(node: KnownNode): KnownNode {
  const data = makeFolder();
  cpSync(node.data, data, { recursive: true });
  return nodeIn(data, node.options);
}

function nodeIn(data: string, options: StartOptions): KnownNode {
  return { data, args: ['--data', data], options, serve: (...rest) => serve(data, rest, options) };
}

/** Asks everything once, and answers with the questions that were not answered as they should be. */
export async function wronglyAnswered(server: Server, targets: readonly Target[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { path, body } of targets) {
    const answer = await server.ask(path);
    if (answer.status !== 200 || answer.body !== body) wrong.push(`${answer.status} ${path}`);
  }
  return wrong;
}

/** What `/__heartbeat__` and `/__lbheartbeat__` say. */
export async function heartbeats(server: Server): Promise<{
  readonly status: number;
  readonly store: string | undefined;
  readonly revision: number;
  readonly forBalancers: number;
}> {
  const { status, body } = await server.ask('/__heartbeat__');
  const { checks, revision } = JSON.parse(body) as { checks: { store?: string }; revision: number };
  const forBalancers = (await server.ask('/__lbheartbeat__')).status;
  return { status, store: checks.store, revision, forBalancers };
}
