import { expect } from 'vitest';
import { type Bundle, config, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import type { Target } from './load.ts';
import type { Server } from './sluice-process.ts';

const versions = Array.from({ length: 50 }, (_, index) => index);
const channels = ['betatest', 'releasetest', 'beta', 'release'];

/** A world in which each of 50 versions is offered a release of its own, and any other version the first of them. */
export const knownWorld: Bundle = {
  releases: versions.map((index) => releaseRow('MyApp', `2.0.${index}`)),
  rules: [
    ruleRow(1000, 'MyApp-2.0.0', { priority: 10 }),
    ...versions.map((index) => ruleRow(index + 1, `MyApp-2.0.${index}`, { version: `1.0.${index}` })),
  ],
  config,
};

/** 200 questions about the known world, and their answers, each of which is looked into first. */
export async function knownTargets(server: Server): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const channel of channels) {
    for (const index of versions) {
      const path = updatePath({ version: `1.0.${index}`, channel });
      const answer = await server.ask(path);
      expect(offerIn(answer)).toBe(`2.0.${index} minor`);
      targets.push({ path, body: answer.body });
    }
  }
  return targets;
}

/** An object that changes the answer to one question that is none of the targets, and that question. */
export function markOf(number: number): { readonly object: object; readonly path: string; readonly name: string } {
  const version = `0.9.${number}`;
  return {
    object: { kind: 'throttle', product: 'MyApp', version, percent: 0 },
    name: `MyApp/${version}`,
    path: updatePath({ version }),
  };
}
