import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { makeFile, makeFolder, run, serve } from './sluice-process.ts';

/** Where a database is, as a command is told: its options and its environment. */
interface Place {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const inFolder = (): Place => ({ args: ['--data', makeFolder()], environment: {} });
const inPostgres = (address: string): Place => ({
  args: ['--data', makeFolder()],
  environment: { DATABASE_URL: address },
});

/** Runs a command that must succeed there, and answers what it printed. */
async function at({ args, environment }: Place, ...command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run([...command, ...args], { environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const gone = { kind: 'throttle', product: 'Gone', version: '1', percent: 0 };

/** Fills a new place with a history: two versions, a deletion, and odd names. */
async function inhabit(place: Place): Promise<void> {
  const stops = (percent: number) => [
    { kind: 'throttle', product: 'MyApp', version: '1.0.5', percent },
    { kind: 'emergency-stop', product: `My "App" ☃ \u2028` },
  ];
  await at(place, 'put', makeFile('stops.json', stops(0)));
  await at(place, 'put', makeFile('stops.json', stops(25)));
  await at(place, 'put', makeFile('one.json', gone));
  await at(place, 'delete', 'throttle', 'Gone/1');
}

/** Writes a backup and answers with the file and with its lines between the first, which says when it was made, and the last. */
async function backUp(place: Place): Promise<{ readonly file: string; readonly lines: readonly string[] }> {
  const file = join(makeFolder(), 'backup.jsonl');
  expect(await at(place, 'backup', file)).toBe(`backed up revision 4, 5 versions, to ${file}\n`);
  return { file, lines: readFileSync(file, 'utf8').split('\n').slice(1, -2) };
}

describeWithPostgres('moving', (server) => {
  const makers: Readonly<Record<string, () => Promise<Place>>> = {
    SQLite: async () => inFolder(),
    PostgreSQL: async () => inPostgres(await server().makeDatabase()),
  };
  const make = async (kind: string): Promise<Place> => (await makers[kind]?.()) ?? inFolder();

  test.each([
    ['SQLite', 'PostgreSQL'],
    ['PostgreSQL', 'SQLite'],
  ])('from %s to %s takes every version along, and the history goes on', async (from, to) => {
    const [old, next] = [await make(from), await make(to)];
    await inhabit(old);
    const { file, lines } = await backUp(old);
    expect(await at(next, 'restore', file)).toBe(`restored revision 4, 5 versions, from ${file}\n`);
    expect((await backUp(next)).lines).toEqual(lines);
    expect(await at(next, 'export')).toBe(await at(old, 'export'));
    expect(await at(next, 'put', makeFile('one.json', { ...gone, expectedVersion: 0 }))).toMatch(/; revision 5\n$/);
  });

  test('nodes on one database serve what any of them is told, and none tells the password', async () => {
    const place = inPostgres(await server().makeDatabase());
    const nodes = [
      await serve(makeFolder(), ['--sample'], { environment: place.environment }),
      await serve(makeFolder(), [], { environment: place.environment }),
    ];
    const path =
      '/update/3/MyApp/1.0.5/20261010000000/Linux_x86_64-gcc3/en-US/release/Linux/default/default/update.xml';
    for (const node of nodes) expect((await node.ask(path)).body).not.toContain('<update ');
    await at(place, 'put', makeFile('t.json', { kind: 'throttle', product: 'MyApp', version: '1.0.5', percent: 100 }));
    for (const node of nodes) {
      await node.serves(2);
      expect((await node.ask(path)).body).toContain('<update ');
    }
    for (const node of nodes) {
      const { stdout, stderr } = await node.stop();
      expect(stdout).toMatch(/serves revision 1 of postgres:\/\/127\.0\.0\.1:\d+\/database_\d+\n/);
      for (const secret of [server().password, encodeURIComponent(server().password)]) {
        expect(stdout + stderr).not.toContain(secret);
      }
    }
  });

  describe('a backup', () => {
    let place: Place;
    let backup: { readonly file: string; readonly lines: readonly string[] };
    beforeAll(async () => {
      place = inFolder();
      await inhabit(place);
      backup = await backUp(place);
    });

    test('is for its owner only, replaces the last one, and leaves nothing beside it', async () => {
      expect(statSync(backup.file).mode & 0o777).toBe(0o600);
      writeFileSync(backup.file, 'something else');
      await at(place, 'backup', backup.file);
      expect(readFileSync(backup.file, 'utf8').split('\n').slice(1, -2)).toEqual(backup.lines);
      expect(readdirSync(join(backup.file, '..'))).toEqual(['backup.jsonl']);
    });

    test('goes only into a database that was never written to', async () => {
      const { code, stderr } = await run(['restore', backup.file, ...place.args]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^sluice: The database already holds/),
      });
      expect((await backUp(place)).lines).toEqual(backup.lines);
    });

    const text = () => readFileSync(backup.file, 'utf8');
    test.each<[string, () => string, RegExp]>([
      ['of which a letter has changed', () => text().replace('1.0.5', '1.0.6'), /its checksum is wrong/],
      [
        'that lacks a line',
        () => text().replace(/^.*\n.*\n/m, (two) => two.slice(0, two.indexOf('\n') + 1)),
        /checksum/,
      ],
      ['that breaks off', () => text().slice(0, -10), /breaks off/],
      ['that breaks off at a line', () => text().replace(/.*\n$/, ''), /breaks off/],
      ['that is another file', () => '{"format":"sluice-export/1"}\n', /is no backup/],
      ['that is empty', () => '', /breaks off/],
      ['from a newer Sluice', () => text().replace('backup/3', 'backup/4'), /newer Sluice/],
    ])('%s is refused, and nothing is made', async (_, spoil, complaint) => {
      const file = makeFile('backup.jsonl', spoil());
      const next = inFolder();
      const { code, stdout, stderr } = await run(['restore', file, ...next.args]);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(complaint) });
      expect(readdirSync(next.args[1] ?? '')).toEqual([]);
    });

    test('that cannot be written is told, and leaves nothing', async () => {
      const file = join(makeFolder(), 'no such folder', 'backup.jsonl');
      const { code, stderr } = await run(['backup', file, ...place.args]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^sluice: A file could not be written/),
      });
    });
  });
});
