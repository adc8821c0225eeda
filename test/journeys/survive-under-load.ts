import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Place, startMarking } from './commit-marks.ts';
import { knownTargets, knownWorld } from './known-world.ts';
import { reportLine, startLoad } from './load.ts';
import { makeFile, makeFolder, run, serve } from './sluice-process.ts';

const isLong = process.env['SLUICE_SOAK'] === '1';
const perSecond = 1000;
/** How long it is asked before, while and after something is wrong. */
const phaseMs = isLong ? 15_000 : 1000;
const rounds = isLong ? 3 : 1;

export interface Misfortune {
  readonly name: string;
  /** Makes something wrong, and answers with what puts it right again. */
  readonly befall: () => Promise<() => Promise<void>>;
  /** Done while it is wrong, besides waiting. */
  readonly meanwhile?: (place: Place) => Promise<void>;
}

/**
 * A node on this database answers 1000 questions a second, all of them right, while a misfortune befalls the database.
 * Answers with a line for people.
 */
export async function surviveUnderLoad(address: string, misfortune: Misfortune): Promise<string> {
  const environment = { DATABASE_URL: address };
  const place: Place = { args: ['--data', makeFolder()], options: { environment } };
  const imported = await run(['import', 'balrog', makeFile('world.json', knownWorld), ...place.args], place.options);
  expect(imported).toMatchObject({ code: 0 });
  const node = await serve(makeFolder(), [], { environment });
  const targets = await knownTargets(node);

  const load = startLoad({ port: node.port, targets, perSecond });
  const marker = startMarking(place);
  const startedMs = performance.now();
  try {
    for (let round = 0; round < rounds; round += 1) await goThrough(misfortune, place);
  } finally {
    await marker.stop();
  }
  const last = await marker.commit();
  await node.serves(last.revision);
  const lastedMs = performance.now() - startedMs;
  const report = await load.stop();

  expect(report.complaints).toEqual([]);
  expect(report).toMatchObject({ right: report.asked, wrong: 0, failed: 0, retried: 0 });
  expect(report.asked).toBeGreaterThanOrEqual(Math.floor((lastedMs * perSecond) / 1000));
  await marker.check(node);
  const { acknowledged, refused } = marker.tally();
  expect((await node.stop()).code).toBe(0);
  return `${misfortune.name}: ${reportLine(report)}; ${acknowledged} commits acknowledged, none lost, ${refused} not acknowledged`;
}

async function goThrough({ befall, meanwhile }: Misfortune, place: Place): Promise<void> {
  await pause(phaseMs);
  const putRight = await befall();
  try {
    await pause(phaseMs);
    await meanwhile?.(place);
  } finally {
    await putRight();
  }
  await pause(phaseMs);
}
