import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { type Bundle, config, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { lehmer } from './lehmer.ts';
import {
  exportOf,
  makeFile,
  makeFolder,
  revisionIn,
  type Started,
  serve,
  start,
  withoutSalts,
} from './sluice-process.ts';

const rounds = process.env['SLUICE_SOAK'] === '1' ? 30 : 3;

/** A world whose rules all lead to its own release. Two of them share names, so that a mix of both would show. */
function worldOf(version: string, firstRule: number): Bundle {
  const versions = [version, ...Array.from({ length: 60 }, (_, index) => `${version}.${firstRule + index}`)];
  return {
    releases: versions.map((one) => releaseRow('MyApp', one)),
    rules: Array.from({ length: 600 }, (_, index) =>
      ruleRow(firstRule + index, `MyApp-${version}`, {
        priority: index,
        version: `${index}.0`,
        comment: `of the world of ${version}`,
      }),
    ),
    config,
  };
}

interface World {
  readonly version: string;
  readonly file: string;
  /** What `sluice export` gives when it is imported whole. */
  readonly objects: readonly unknown[];
}

async function worldNamed(version: string, firstRule: number): Promise<World> {
  const file = makeFile('bundle.json', worldOf(version, firstRule));
  const data = makeFolder();
  await importing(file, data).ended;
  return { version, file, objects: withoutSalts((await exportOf(data)).objects) };
}

function importing(file: string, data: string): Started {
  return start(['import', 'balrog', file, '--data', data]);
}

let worlds: readonly World[];
beforeAll(async () => {
  worlds = [await worldNamed('2.0', 1), await worldNamed('3.0', 301)];
});

function worldAt(index: number): World {
  const world = worlds[index % worlds.length];
  if (world === undefined) throw new Error('there is no world');
  return world;
}

/** What is known when the importer was killed. */
interface Killed {
  /** How many imports were begun in all; the last of them was killed. */
  readonly begun: number;
  /** The revision that the last whole import told of. */
  readonly acknowledged: number;
}

/** Imports one world after the other until `killMs` have passed, and kills the import that runs then. */
async function killAfter(killMs: number, data: string, before: Killed): Promise<Killed> {
  const deadline = performance.now() + killMs;
  let { begun, acknowledged } = before;
  for (;;) {
    const importer = importing(worldAt(begun).file, data);
    begun += 1;
    const timer = setTimeout(() => importer.child.kill('SIGKILL'), deadline - performance.now());
    const { code, signal, stdout, stderr } = await importer.ended;
    clearTimeout(timer);
    if (signal === 'SIGKILL') {
      // It may have been killed between its acknowledgement and its end.
      return { begun, acknowledged: stdout === '' ? acknowledged : revisionIn(stdout) };
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    acknowledged = revisionIn(stdout);
  }
}

/** Imports the next world and kills that import as soon as its commit is on its way, or a little later. */
async function killWhileWriting(laterMs: number, data: string, { begun, acknowledged }: Killed): Promise<Killed> {
  const log = join(data, 'sluice.db-wal');
  const lengthOf = () => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const importer = importing(worldAt(begun).file, data);
  const length = lengthOf();
  while (lengthOf() === length && importer.child.exitCode === null) await pause(0);
  await pause(laterMs);
  importer.child.kill('SIGKILL');
  const { stdout } = await importer.ended;
  return { begun: begun + 1, acknowledged: stdout === '' ? acknowledged : revisionIn(stdout) };
}

test(`after each of ${rounds} kills of an importer one world is there, whole, and no acknowledged import is lost`, async () => {
  const data = makeFolder();
  const random = lehmer(20_261_121);
  let state: Killed = { begun: 0, acknowledged: 0 };
  const tally = { imports: 0, unacknowledged: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    const draw = random();
    const kill = round % 2 === 1 ? killAfter(1500 * draw, data, state) : killWhileWriting(15 * draw, data, state);
    state = await kill;

    // The first one may have been killed before there was a database.
    const made = existsSync(join(data, 'sluice.db'));
    const { revision, objects } = made ? await exportOf(data) : { revision: 0, objects: [] };
    // One import may have been committed and killed before it could say so.
    expect([state.acknowledged, state.acknowledged + 1]).toContain(revision);
    if (revision > state.acknowledged) tally.unacknowledged += 1;
    const world = revision === 0 ? undefined : worldOfRevision(revision);
    expect(withoutSalts(objects)).toEqual(world?.objects ?? []);

    const server = await serve(data);
    // What was kept on the disk may be older, and is what a slow machine begins with.
    await server.serves(revision);
    expect(JSON.parse((await server.ask('/__heartbeat__')).body)).toMatchObject({ status: 'ok', revision });
    const offer = offerIn(await server.ask(updatePath({ version: '1.0' })));
    expect(offer).toBe(world === undefined ? '-' : `${world.version} minor`);
    expect((await server.stop()).code).toBe(0);

    // The next import must be of the other world, or it would change nothing.
    state = { begun: revision, acknowledged: revision };
    tally.imports = revision;
  }
  console.info(
    `${rounds} kills, ${tally.imports} imports committed, ${tally.unacknowledged} of them just before the kill, none lost`,
  );
}, 600_000);

/** The worlds alternate, and each import of one makes a revision. */
function worldOfRevision(revision: number): World {
  return worldAt(revision - 1);
}
