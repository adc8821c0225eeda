import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn } from '../../packages/server/src/cli/tree/tree-folder.fixture.ts';
import { makeUsers, type Operator, operator } from './api-operator.ts';
import { exportOf, makeFile, makeFolder, type Server, serve, sluice } from './sluice-process.ts';

const ada = 'ada@example.org';
const roles = { [ada]: ['admin', 'release-manager'], 'bob@example.org': ['release-manager'] };

interface World {
  readonly data: string;
  readonly server: Server;
  readonly ada: Operator;
}

async function openWorld(args: readonly string[], users: Readonly<Record<string, readonly string[]>>): Promise<World> {
  const data = makeFolder();
  const server = await serve(data, args);
  await makeUsers(data, users);
  return { data, server, ada: await operator(data, server, ada) };
}

function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${file} has no ${String(from)}:\n${text}`);
  writeFileSync(file, edited);
}

/** Of every kind that the sample world leaves out. */
const more = [
  { kind: 'policy', name: 'fx: release/*', product: 'Firefox', role: 'release-manager', signOffs: 1 },
  { kind: 'service-account', name: 'robot', roles: ['agent'] },
  { kind: 'grant', name: 'robots may stop', serviceAccount: 'robot', actions: ['stop'], products: ['MyApp*'] },
  {
    kind: 'regression-line',
    name: 'old Macs',
    line: '/update/3/MyApp/1.0/1/Mac/de/release/x/default/default/update.xml',
  },
  { kind: 'pin', product: 'MyApp', channel: 'release', version: '2.', release: 'MyApp-2.0.3' },
  { kind: 'emergency-stop', product: 'MyApp', channel: 'nightly', locale: 'de, fr', comment: 'ÄÖ\nü: # "x"' },
];

/** Each command is a process, and there are many. */
const timeout = 240_000;

describe('a folder of files', { timeout }, () => {
  let world: World;
  let tree: string;
  beforeAll(async () => {
    world = await openWorld(['--sample'], roles);
    const file = makeFile('more.json', more);
    await world.ada.sluice('change', 'propose', '--put', file, '--reason', 'one of each kind');
    tree = join(makeFolder(), 'tree');
    await world.ada.sluice('export', '--dir', tree);
  }, timeout);

  test('that was exported and is applied to an empty server gives the same content', async () => {
    const before = await exportOf(world.data);
    expect(new Set(before.objects.map(({ kind }) => kind)).size).toBe(15);
    expect(Object.keys(filesIn(tree))).toHaveLength(before.objects.length);
    const empty = await openWorld([], { [ada]: ['admin'] });
    const plan = await empty.ada.run('plan', tree);
    expect(plan).toMatchObject({ code: 2, stderr: '' });
    expect(plan.stdout).toMatch(/^\d+ new, 1 altered, compared with /);
    expect(plan.stdout).toContain(`~ user ${ada}`);
    expect(plan.stdout).toContain('needs no sign-off');
    expect(await empty.ada.sluice('apply', tree, '--reason', 'all of it', '--wait')).toMatch(
      /^proposed \d+ new, 1 altered\nchange 2 is enacted; revision 2\n$/,
    );
    const after = await exportOf(empty.data);
    expect(after.objects).toEqual(before.objects);
    expect(await empty.ada.run('plan', tree)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing differs'),
    });
    expect(await empty.ada.sluice('apply', tree, '--reason', 'again')).toMatch(
      /^nothing to apply: .* at revision 2\n$/,
    );
    const second = join(makeFolder(), 'second');
    await empty.ada.sluice('export', '--dir', second);
    expect(filesIn(second)).toEqual(filesIn(tree));
  });

  test('keeps comments, files that are no objects, and nothing of what is gone', async () => {
    const mine = join(makeFolder(), 'mine');
    cpSync(tree, mine, { recursive: true });
    appendFileSync(join(mine, 'rule/10.yaml'), '# see the page on throttling\n');
    writeFileSync(join(mine, 'rule/README.md'), 'Rules of ours.');
    const other = join(mine, 'rule/77.yaml');
    writeFileSync(other, 'kind: rule\nname: 77\npriority: 1\n');
    const noPins = ['change', 'propose', '--delete', 'pin MyApp/release/2.', '--reason', 'no pins'];
    const { id } = await world.ada.json<{ readonly id: number }>(...noPins);
    const { code, stdout, stderr } = await world.ada.run('export', '--dir', mine);
    expect([code, stderr]).toEqual([
      0,
      'warning: rule/77.yaml is of no object that the server has or had, and stays\n',
    ]);
    expect(stdout).toMatch(/: 0 files written, \d+ left as they were, 1 file removed\n$/);
    const wanted = {
      ...filesIn(tree),
      'rule/README.md': 'Rules of ours.',
      'rule/77.yaml': readFileSync(other, 'utf8'),
    };
    expect(Object.keys(filesIn(mine)).sort()).toEqual(
      Object.keys(wanted)
        .filter((path) => !path.startsWith('pin/'))
        .sort(),
    );
    expect(filesIn(mine)['rule/10.yaml']).toContain('# see the page on throttling');
    await world.ada.sluice('change', 'revert', String(id), '--reason', 'pins again');
  });

  test('with mistakes is refused with every one of them, its file and line, and nothing is proposed', async () => {
    const bad = join(makeFolder(), 'bad');
    cpSync(tree, bad, { recursive: true });
    edit(join(bad, 'rule/10.yaml'), /^priority: .*$/m, 'priority: high');
    edit(join(bad, 'rule/20.yaml'), 'percent: 25', 'percent: 250\n  prozent: 2');
    writeFileSync(join(bad, 'rule/x.yaml'), 'kind: rule\nname: [\n');
    for (const command of [
      ['plan', bad],
      ['apply', bad, '--reason', 'x'],
    ]) {
      const { code, stdout, stderr } = await world.ada.run(...command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^sluice: An object does not fit its kind: \d mistakes in .*bad\n/);
      expect(stderr).toMatch(/^ {2}rule\/10\.yaml:3:1: priority: /m);
      expect(stderr).toMatch(/^ {2}rule\/20\.yaml:\d+:3: share\.percent: /m);
      expect(stderr).toMatch(/^ {2}rule\/20\.yaml:\d+:3: prozent: there is no such field$/m);
      expect(stderr).toMatch(/^ {2}rule\/x\.yaml:\d:\d+: /m);
    }
    expect((await world.ada.json<{ changes: readonly unknown[] }>('change', 'list')).changes).toEqual([]);
  });

  test('deletes what has no file only where its kind has files, and lifts no stop', async () => {
    const part = join(makeFolder(), 'part');
    mkdirSync(part);
    for (const kind of ['rule', 'throttle', 'emergency-stop'])
      cpSync(join(tree, kind), join(part, kind), { recursive: true });
    rmSync(join(part, 'rule/11.yaml'));
    for (const kind of ['throttle', 'emergency-stop']) {
      for (const path of Object.keys(filesIn(join(part, kind)))) rmSync(join(part, kind, path));
    }
    const careful = await world.ada.run('plan', part);
    expect(careful.code).toBe(2);
    expect(careful.stdout).toMatch(/^1 deleted, compared with .*\n- rule 11\n/);
    expect(careful.stderr).toContain('warning: throttle MyApp/1.0.5 has no file and stays: ');
    expect(careful.stderr).toContain('warning: emergency-stop MyApp/nightly/locale=de,fr has no file and stays: ');
    const pruned = await world.ada.run('plan', part, '--prune');
    expect(pruned.stdout).toMatch(/^2 deleted, .*\n- rule 11\n- throttle MyApp\/1\.0\.5\n/);
  });

  test('that names nothing of ours is told apart from one that differs', async () => {
    const nothing = await world.ada.run('plan', makeFolder());
    expect(nothing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no folder that is named after a kind'),
    });
    expect(await world.ada.run('plan', tree, '--what')).toMatchObject({ code: 1 });
    expect(await world.ada.run('apply', tree)).toMatchObject({ code: 2 });
    expect(await world.ada.run('plan', '/nowhere')).toMatchObject({ code: 1 });
  });

  test('is applied once its sign-offs are there, is proposed only once, and says so when it is vetoed', async () => {
    const next = join(makeFolder(), 'next');
    cpSync(tree, next, { recursive: true });
    edit(join(next, 'rule/20.yaml'), 'percent: 25', 'percent: 30');
    const bob = await operator(world.data, world.server, 'bob@example.org');
    const plan = await world.ada.run('plan', next);
    expect(plan).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('needs 1 sign-off as release-manager (policy fx: release/*)'),
    });
    expect(plan.stdout).toContain('~ rule 20\n    share.percent: 25 → 30\npreview of ');
    const proposed = await world.ada.sluice('apply', next, '--reason', 'a bit more');
    const id =
      /^change (\d+) is pending \(version 1\)\n {2}waits for 1 of 1 sign-offs as release-manager/m.exec(
        proposed,
      )?.[1] ?? '';
    expect(Number(id)).toBeGreaterThan(0);
    expect(await world.ada.run('apply', next, '--reason', 'a bit more', '--wait-seconds', '1')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`this is proposed already\nchange ${id} is pending`),
    });
    const waiting = world.ada.start('apply', next, '--reason', 'a bit more', '--wait');
    await expect.poll(waiting.stdout, { timeout: 60_000 }).toContain('is pending');
    await bob.sluice('change', 'sign', id, '--seen', '1', '--role', 'release-manager');
    expect(await waiting.ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`change ${id} is enacted; revision \\d+\\n$`)),
    });
    expect(await world.ada.run('plan', next)).toMatchObject({ code: 0 });

    edit(join(next, 'rule/20.yaml'), 'percent: 30', 'percent: 35');
    const at = ['--at', '2099-12-01T10:00', '--zone', 'Europe/Berlin'];
    const second = world.ada.start('apply', next, '--reason', 'more', '--wait', ...at);
    await expect.poll(second.stdout, { timeout: 60_000 }).toContain('is pending');
    const vetoed = String(Number(id) + 1);
    await bob.sluice('change', 'veto', vetoed, '--reason', 'not now');
    const { code, stdout } = await second.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('waits for the time from 2099-12-01T10:00 Europe/Berlin');
    expect(stdout).toMatch(new RegExp(`change ${vetoed} is vetoed by user:bob@example\\.org at .*: not now\\n$`));
  });

  test('is refused to whoever may not read or propose', async () => {
    await sluice(
      'put',
      makeFile('eve.json', { kind: 'user', name: 'eve@example.org', roles: ['viewer'] }),
      '--data',
      world.data,
    ).catch(() => expect.fail('a viewer needs no sign-off'));
    const eve = await operator(world.data, world.server, 'eve@example.org');
    const seen = join(makeFolder(), 'seen');
    await eve.sluice('export', '--dir', seen);
    expect(existsSync(join(seen, 'rule/20.yaml'))).toBe(true);
    edit(join(seen, 'rule/10.yaml'), /^priority: .*$/m, 'priority: 1234');
    expect(await eve.run('plan', seen)).toMatchObject({ code: 2 });
    expect(await eve.run('apply', seen, '--reason', 'mine')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('update of rule 10'),
    });
  });
});
