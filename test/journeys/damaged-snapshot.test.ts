import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { config, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { copyOf, heartbeats, type KnownNode, makeKnownNode, wronglyAnswered } from './known-node.ts';
import { knownTargets } from './known-world.ts';
import { lehmer } from './lehmer.ts';
import type { Target } from './load.ts';
import { run } from './sluice-process.ts';
import { becomes } from './workers-of.ts';

const rounds = process.env['SLUICE_SOAK'] === '1' ? 100 : 2;

const manifestOf = ({ data }: KnownNode) => join(data, 'snapshots/manifest.jsonl');
const releasesOf = ({ data }: KnownNode) => join(data, 'snapshots/releases');

/** The file of the release that a version is offered. */
function releaseFile(node: KnownNode, version: string): string {
  const files = readdirSync(releasesOf(node)).map((name) => join(releasesOf(node), name));
  const [file, ...others] = files.filter((name) => readFileSync(name, 'utf8').includes(`/${version}/`));
  expect(file).toBeDefined();
  expect(others).toEqual([]);
  return file ?? '';
}

function rewrite(file: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, change(readFileSync(file)));
}

/** One bit is another. */
function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** What text becomes that still is JSON, and says something else. */
const altered = (bytes: Buffer) => Buffer.from(bytes.toString().replace('MyApp', 'MyAqq'));

const damages: Readonly<Record<string, (file: string) => void>> = {
  'breaks off in the middle': (file) => rewrite(file, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))),
  'lacks its last byte': (file) => rewrite(file, (bytes) => bytes.subarray(0, -1)),
  'is empty': (file) => rewrite(file, () => Buffer.alloc(0)),
  'has another bit in its first line': (file) => rewrite(file, (bytes) => flipped(bytes, 20)),
  'has another bit in its middle': (file) => rewrite(file, (bytes) => flipped(bytes, Math.floor(bytes.length / 2))),
  'says something else': (file) => rewrite(file, altered),
  'is another text': (file) => rewrite(file, () => Buffer.from('{}\n')),
};

let sound: KnownNode;
let targets: readonly Target[];
beforeAll(async () => {
  sound = await makeKnownNode();
  const server = await sound.serve();
  targets = await knownTargets(server);
  expect((await server.stop()).code).toBe(0);
});

/** Puts the embedded database out of reach, until the function that it answers with is called. */
function takeDatabaseAway({ data }: KnownNode): () => void {
  const [file, kept] = [join(data, 'sluice.db'), join(data, 'kept')];
  renameSync(file, kept);
  mkdirSync(file);
  return () => {
    rmdirSync(file);
    renameSync(kept, file);
  };
}

/** The node answers everything rightly, first with its database and then from its disk alone. */
async function isRebuilt(node: KnownNode): Promise<void> {
  const withDatabase = await node.serve();
  expect(await wronglyAnswered(withDatabase, targets)).toEqual([]);
  await becomes('it is well', async () => (await heartbeats(withDatabase)).status === 200);
  expect((await withDatabase.stop()).code).toBe(0);
  const putBack = takeDatabaseAway(node);
  const fromDisk = await node.serve();
  expect(await wronglyAnswered(fromDisk, targets)).toEqual([]);
  expect((await fromDisk.stop()).code).toBe(0);
  putBack();
}

describe('a list of the snapshot that', () => {
  test.each(Object.keys(damages))('%s is never served: it is rebuilt, or the start is refused', async (name) => {
    const node = copyOf(sound);
    damages[name]?.(manifestOf(node));
    const putBack = takeDatabaseAway(node);
    const { code, stdout, stderr } = await run(
      ['serve', '--public', '127.0.0.1:0', '--admin', 'off', ...node.args],
      node.options,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the snapshot on the disk is damaged');
    expect(stderr).toMatch(/^sluice: The database cannot be reached: .+$/m);
    putBack();
    damages[name]?.(manifestOf(node));
    await isRebuilt(node);
  });
});

/** The release that each kind of damage befalls, by the version that is offered it. */
const victims = Object.entries<(file: string) => void>({ ...damages, 'is not there': (file) => rmSync(file) }).map(
  ([, damage], index) => ({ damage, offered: `2.0.${index + 7}`, asking: `/1.0.${index + 7}/` }),
);
const isHit = ({ path }: Target) => victims.some(({ asking }) => path.includes(asking));

test('files of releases that are damaged, in whatever way, are never served: they are fetched again, and until then told with 503', async () => {
  const node = copyOf(sound);
  const [hit, others] = [targets.filter(isHit), targets.filter((target) => !isHit(target))];
  expect(hit).toHaveLength(4 * victims.length);
  for (const { damage, offered } of victims) damage(releaseFile(node, offered));
  const putBack = takeDatabaseAway(node);
  const server = await node.serve();
  for (const { path } of hit) expect((await server.ask(path)).status, path).toBe(503);
  expect(await wronglyAnswered(server, others)).toEqual([]);

  putBack();
  await becomes('all releases are served again', async () => {
    const wrong = await wronglyAnswered(server, hit);
    expect(wrong.filter((answer) => !answer.startsWith('503 '))).toEqual([]);
    return wrong.length === 0;
  });
  expect(await wronglyAnswered(server, targets)).toEqual([]);
  expect((await server.stop()).code).toBe(0);
  await isRebuilt(node);
});

test('where the list is damaged too, a file of the right length is not taken for the right file', async () => {
  const node = copyOf(sound);
  damages['breaks off in the middle']?.(manifestOf(node));
  for (const version of ['2.0.7', '2.0.8']) rewrite(releaseFile(node, version), altered);
  await isRebuilt(node);
});

test(`after ${rounds} alterations somewhere in the snapshot no answer is ever another`, async () => {
  const node = copyOf(sound);
  const random = lehmer(20_261_121);
  const pick = (count: number) => Math.floor(random() * count);
  for (let round = 0; round < rounds; round += 1) {
    const files = [manifestOf(node), ...readdirSync(releasesOf(node)).map((name) => join(releasesOf(node), name))];
    for (let i = 0; i < 3; i += 1) {
      const file = files[random() < 0.2 ? 0 : pick(files.length)] ?? '';
      rewrite(file, (bytes) =>
        random() < 0.5 ? flipped(bytes, pick(bytes.length)) : bytes.subarray(0, pick(bytes.length)),
      );
    }
    await isRebuilt(node);
  }
}, 600_000);

test('a file that is altered while it is being served from is not served as it is then', async () => {
  const release = structuredClone(releaseRow('MyApp', '2.0.1')) as {
    data: { platforms: Record<string, { locales: Record<string, unknown> }> };
  };
  const { locales } = release.data.platforms['Linux_x86_64-gcc3'] ?? { locales: {} };
  locales['de'] = structuredClone(locales['en-US']);
  const world = { releases: [release], rules: [ruleRow(1, 'MyApp-2.0.1')], config };
  const node = await makeKnownNode(undefined, world);
  const server = await node.serve();
  const english = updatePath({ version: '1.0.5' });
  const german = english.replace('/en-US/', '/de/');
  const right = await server.ask(english);
  expect(offerIn(right)).toBe('2.0.1 minor');
  const file = join(releasesOf(node), readdirSync(releasesOf(node))[0] ?? '');
  rewrite(file, (bytes) => Buffer.from(bytes.toString().replaceAll('9000000', '9000001')));
  await becomes('it is served as it was', async () => {
    const { status, body } = await server.ask(german);
    if (status !== 200) expect(status).toBe(503);
    else expect(body.replaceAll('/de/', '/en-US/')).toBe(right.body);
    return status === 200;
  });
  expect((await server.ask(english)).body).toBe(right.body);
  expect((await server.stop()).code).toBe(0);
});
