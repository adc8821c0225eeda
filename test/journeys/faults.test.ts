import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { config, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { type Ended, makeFile, makeFolder, root, run, type StartOptions, serve, sluice } from './sluice-process.ts';

/** A bundle that fills many pages. */
const bundle = makeFile('bundle.json', {
  releases: Array.from({ length: 40 }, (_, index) => releaseRow('MyApp', `2.0.${index}`)),
  rules: Array.from({ length: 200 }, (_, index) => ruleRow(index + 1, `MyApp-2.0.${index % 40}`, { priority: index })),
  config,
});
const offered = '2.0.39 minor';
const asked = updatePath({ version: '1.0.5' });

let sound: string;
beforeAll(async () => {
  const data = makeFolder();
  await sluice('import', 'balrog', bundle, '--data', data);
  sound = join(data, 'sluice.db');
});

/** A folder with a copy of the database. */
function copiedFolder(): string {
  const data = makeFolder();
  copyFileSync(sound, join(data, 'sluice.db'));
  return data;
}

function serving(data: string, ...rest: readonly string[]): readonly string[] {
  return ['serve', '--data', data, '--public', '127.0.0.1:0', ...rest];
}

/** The lines for people on stderr; those of the log are JSON. */
function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
}

async function refusal(args: readonly string[], options?: StartOptions): Promise<string> {
  const { code, signal, stdout, stderr } = await run(args, options);
  expect({ code, signal, stdout }, stderr).toEqual({ code: 1, signal: null, stdout: '' });
  const complaints = complaintsIn(stderr);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toMatch(/^sluice: /);
  return complaints[0] ?? '';
}

describe.concurrent('a damaged database is refused with one sentence by every command:', () => {
  const overwrite = (file: string, at: number, length: number): void => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(length, 'garbage '), 0, length, at);
    closeSync(handle);
  };

  test.each<[where: string, damage: (file: string) => void]>([
    ['its header', (file) => overwrite(file, 0, 100)],
    ['a page in the middle', (file) => overwrite(file, Math.floor(statSync(file).size / 8192) * 4096, 4096)],
    ['its end, which is missing', (file) => writeFileSync(file, readFileSync(file).subarray(0, -3 * 4096))],
    ['all of it, which is a text', (file) => writeFileSync(file, 'this is not a database at all\n'.repeat(500))],
  ])('%s', async (_, damage) => {
    const data = copiedFolder();
    const file = join(data, 'sluice.db');
    damage(file);
    const damaged = readFileSync(file);
    const commands = [serving(data), ['import', 'balrog', bundle, '--data', data], ['export', '--data', data]];
    for (const sentence of await Promise.all(commands.map((args) => refusal(args)))) {
      expect(sentence).toContain('The database is damaged');
      expect(sentence).toContain(file);
    }
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });
});

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

const isRoot = process.getuid?.() === 0;
// Root may do everything, unless it gives that up.
const capabilities = '-dac_override,-dac_read_search';
const powerless = ['setpriv', `--bounding-set=${capabilities}`, `--inh-caps=${capabilities}`] as const;
const canBePowerless = !isRoot || succeeds(...powerless, 'cat', join(root, 'package.json'));

describe.concurrent('a place that is of no use is refused with one sentence:', () => {
  test('a data folder that is a file', async () => {
    const file = makeFile('data', 'no folder');
    for (const args of [serving(file), ['import', 'balrog', bundle, '--data', file]]) {
      expect(await refusal(args)).toContain('The database cannot be reached');
    }
  });

  test('a database that is a folder', async () => {
    const data = makeFolder();
    mkdirSync(join(data, 'sluice.db'));
    for (const args of [serving(data), ['import', 'balrog', bundle, '--data', data]]) {
      expect(await refusal(args)).toContain(join(data, 'sluice.db'));
    }
  });

  test('a database that a command needs and that is not there', async () => {
    const data = makeFolder();
    for (const args of [['export'], ['delete', 'rule', '1'], ['explain', asked]]) {
      expect(await refusal([...args, '--data', data])).toContain('The database cannot be reached');
    }
  });

  const title = 'a folder that may not be read or written';
  test.skipIf(!canBePowerless)(
    `${title}${canBePowerless ? '' : ' (skipped: root cannot give up its rights)'}`,
    async () => {
      const by = isRoot ? { by: powerless } : {};
      for (const mode of [0o000, 0o500]) {
        const data = copiedFolder();
        chmodSync(join(data, 'sluice.db'), 0o400);
        chmodSync(data, mode);
        try {
          for (const args of [serving(data), ['import', 'balrog', bundle, '--data', data]]) {
            expect(await refusal(args, by)).toContain('The database cannot be reached');
          }
        } finally {
          chmodSync(data, 0o700);
        }
      }
    },
  );

  test('a port that is in use', async () => {
    const data = copiedFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await refusal(['serve', '--data', data, '--public', `127.0.0.1:${port}`])).toBe(
      `sluice: The address to listen on is taken: cannot listen on 127.0.0.1:${port}: another program listens there; port 0 takes a free one`,
    );
    await new Promise((resolve) => other.close(resolve));
    // The folder is free again.
    const server = await serve(data);
    expect(offerIn(await server.ask(asked))).toBe(offered);
    expect((await server.stop()).code).toBe(0);
  });
});

describe.concurrent('the configuration', () => {
  async function refused(
    name: string,
    content: string,
    args: readonly string[] = [],
    options: StartOptions = {},
  ): Promise<string> {
    const cwd = makeFolder();
    writeFileSync(join(cwd, name), content);
    const { code, stdout, stderr } = await run([...serving(join(cwd, 'data')), ...args], { ...options, cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^sluice: The configuration of this node is not valid: /);
    return stderr;
  }

  test('in a damaged file is refused with its place', async () => {
    expect(await refused('sluice.yaml', 'log:\n  level: info\n  : : [\n')).toMatch(
      /\n {2}sluice\.yaml:3:5: .*\n {2}sluice\.yaml:4:1: .*\n$/,
    );
    expect(await refused('sluice.json', '{"log": {"level": "info"}')).toMatch(/sluice\.json:1:26: /);
    expect(await refused('sluice.yaml', '- a list\n')).toContain('sluice.yaml is no mapping');
    expect(await refused('other.yaml', '', ['--config', 'absent.yaml'])).toContain('absent.yaml');
  });

  test('names every setting that is unknown or wrong', async () => {
    const stderr = await refused(
      'sluice.yaml',
      'publik: 127.0.0.1:0\nfollowMs: 1\nlog:\n  level: loud\nfaces:\n  aus:\n    maxAgeSeconds: soon\n    strict: true\n',
    );
    expect(stderr).toContain('4 mistakes'.replace('4', String(stderr.match(/^ {2}/gm)?.length)));
    expect(stderr).toMatch(/^ {2}.*publik/m);
    expect(stderr).toMatch(/^ {2}followMs: /m);
    expect(stderr).toMatch(/^ {2}log\.level: /m);
    expect(stderr).toMatch(/^ {2}faces\.aus\.maxAgeSeconds: /m);
    expect(stderr).toMatch(/^ {2}faces\.aus\S*: .*strict|^ {2}faces\.aus\.strict: /m);
  });

  test('is as strict with options and variables', async () => {
    const none = ['none.yaml', ''] as const;
    expect(await refused(...none, ['--set', 'faces.dns.port=53'])).toContain('dns');
    expect(await refused(...none, ['--set', 'followMs=often'])).toContain('followMs: ');
    expect(await refused(...none, ['--public', 'localhost'])).toContain('public: an address is HOST:PORT');
    expect(await refused(...none, [], { environment: { SLUICE_FOLLOW_MS: 'often' } })).toContain('followMs: ');
  });

  test('counts in the order file, variable, option', async () => {
    const cwd = makeFolder();
    const file = (seconds: number) =>
      writeFileSync(join(cwd, 'sluice.yaml'), `faces:\n  aus:\n    maxAgeSeconds: ${seconds}\n`);
    file(11);
    const data = copiedFolder();
    const environment = { SLUICE_FACES_AUS_MAX_AGE_SECONDS: '22' };
    for (const [args, options, seconds] of [
      [[], { cwd }, 11],
      [[], { cwd, environment }, 22],
      [['--set', 'faces.aus.maxAgeSeconds=33'], { cwd, environment }, 33],
    ] as const) {
      const server = await serve(data, args, options);
      expect((await server.ask(asked)).headers['cache-control']).toBe(`public, max-age=${seconds}`);
      await server.stop();
    }
  });
});

test.concurrent.each<[args: readonly string[]]>([
  [['nonsense']],
  [['serve', '--nonsense']],
  [['serve', '--set', 'no value']],
  [['import']],
  [['import', 'balrog']],
  [['import', 'nonsense', 'bundle.json']],
  [['delete', 'nonsense', 'name']],
  [['explain', '/', '--ticket', '0']],
  [[]],
])('sluice %j is not understood, and exits 2', async (args) => {
  const { code, stdout, stderr }: Ended = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toBe('');
});

const mountPoint = makeFolder();

const mountDisk = (size: string) => succeeds('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', mountPoint);
const unmountDisk = () => succeeds('umount', '-l', mountPoint);

// Only root can make a small disk, so that elsewhere there is no such test.
if (isRoot && mountDisk('1m') && unmountDisk()) {
  test('a full disk loses nothing: the import is refused with one sentence, and what was there goes on', async () => {
    expect(mountDisk('4m')).toBe(true);
    try {
      const data = join(mountPoint, 'data');
      await sluice('import', 'balrog', bundle, '--data', data);
      const before = await sluice('export', '--data', data);
      const server = await serve(data);
      const long = {
        releases: Array.from({ length: 4000 }, (_, index) => releaseRow('MyApp', `3.0.${index}`)),
        rules: [ruleRow(1, 'MyApp-3.0.0')],
      };
      const sentence = await refusal(['import', 'balrog', makeFile('long.json', long), '--data', data]);
      expect(sentence).toMatch(/disk/);
      expect(offerIn(await server.ask(asked))).toBe(offered);
      expect((await server.stop()).code).toBe(0);
      expect(await sluice('export', '--data', data)).toBe(before);
    } finally {
      unmountDisk();
    }
  });
}
