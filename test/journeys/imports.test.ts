import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, config, releaseRow, ruleRow } from './balrog-bundle.ts';
import { type Exported, exportOf, makeFile, makeFolder, run, serve, sluice, withoutSalts } from './sluice-process.ts';

const world: Bundle = {
  releases: ['1.0.5', '2.0.3'].map((version) => releaseRow('MyApp', version)),
  rules: [
    ruleRow(1, 'MyApp-1.0.5', { version: '<1.0.5' }),
    ruleRow(2, 'MyApp-2.0.3', { version: '1.0.5', fallbackMapping: 'MyApp-1.0.5', backgroundRate: 25 }),
  ],
  config,
};
const throttling =
  "<?php $productThrottling = array('MyApp' => array('1.0.5' => 25)); define('THROTTLE_GLOBAL', true);";

/** A folder with the world and its throttles. */
async function inhabitedFolder(): Promise<string> {
  const data = makeFolder();
  await sluice('import', 'balrog', makeFile('world.json', world), '--data', data);
  await sluice('import', 'aus2', makeFile('config-dist.php', throttling), '--data', data);
  return data;
}

function namesOf({ objects }: Exported): readonly string[] {
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

/** The lines about single mistakes, each with its place. */
function placesIn(stderr: string): readonly string[] {
  return [...stderr.matchAll(/^ {2}(.*?): /gm)].map(([, place = '']) => place);
}

const brokenBundle = {
  releases: [
    { name: 'A', product: 'MyApp', data: { name: 'A', schema_version: 7 } },
    { name: 'B', data: { name: 'B', schema_version: 50, detailsUrl: 'https://a.example/', displayVersion: '1' } },
    { name: 'C', product: 'MyApp', data: '{"name": ' },
    {
      name: 'D',
      product: 'MyApp',
      data: {
        name: 'D',
        schema_version: 2,
        platforms: { p: { locales: { de: { complete: { filesize: 'big', from: '*' } } } } },
      },
    },
  ],
  rules: [
    ruleRow(1, 'A', { priority: 'high' }),
    ruleRow(2, 'A', { backgroundRate: 101, update_type: 'huge' }),
    ruleRow(3, 'A', { alias: '9 lives' }),
    ruleRow(4, 'A'),
    ruleRow(4, 'A'),
  ],
  pinnable_releases: [{ product: 'MyApp', channel: 'release', version: '1', mapping: 'A' }],
  emergency_shutoffs: [{ product: 'MyApp' }],
  config: { ...config, allowlisted_domains: { 'a host': ['MyApp'] } },
};
const placesInBundle = [
  'config.allowlisted_domains["a host"].host',
  'emergency_shutoffs[0].channel',
  'pinnable_releases[0].version',
  'releases[0].data.schema_version',
  'releases[1].product',
  'releases[2].data 1:10',
  'releases[3].data.platforms.p.locales.de.complete.filesize',
  'releases[3].data.platforms.p.locales.de.complete.hashValue',
  'rules[0].priority',
  'rules[1].backgroundRate',
  'rules[1].update_type',
  'rules[2].alias',
  'rules[4]',
];

const brokenConfig = `<?php
$productThrottling = array(
    'MyApp' => array(
        '1.0.5' => 101,
        1.5 => 0,
        '1.0.6' => getLevel()
    )
);
$throttleExceptions = array(
    '1.0.5' => array('beta', 7)
);
define('THROTTLE_GLOBAL', maybe);
define('THROTTLE_LEVEL', -1);
`;
const placesInConfig = ['4:20', '5:9', '6:20', '10:30', '12:27', '13:26'];

describe.concurrent('a broken file', () => {
  let data: string;
  let before: string;
  beforeAll(async () => {
    data = await inhabitedFolder();
    before = await sluice('export', '--data', data);
  });
  afterAll(async () => {
    expect(await sluice('export', '--data', data)).toBe(before);
  });

  test.each([
    ['balrog', brokenBundle, placesInBundle],
    ['aus2', brokenConfig, placesInConfig],
  ] as const)(
    'of %s changes nothing, and every mistake in it is listed with its place',
    async (format, content, places) => {
      const file = makeFile('broken', content);
      const commands = [
        ['import', format, file, '--data', data],
        ['import', format, '--merge', file, '--data', data],
        ['check', file],
      ];
      for (const { code, stdout, stderr } of await Promise.all(commands.map((args) => run(args)))) {
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect([...placesIn(stderr)].sort()).toEqual([...places].sort());
        expect(stderr).toMatch(new RegExp(`^sluice: A file to import has mistakes: ${places.length} mistakes.*\n`));
      }
    },
  );

  test.each([
    [
      'a bundle that breaks off',
      'balrog',
      JSON.stringify(world, null, 2).slice(0, -40),
      /: \d{2,}:\d+: not JSON: .*\n$/,
    ],
    ['a bundle with a slip', 'balrog', '{"rules": [\n  {"rule_id": one}\n]}', /: 2:15: not JSON: .*\n$/],
    ['a list', 'balrog', '[]', /: 1:1: .*\n$/],
    ['JSON of another kind', 'balrog', '{"rulez": []}', /: 1:1: none of rules, releases, .*\n$/],
    ['PHP', 'balrog', throttling, /: 1:1: not JSON: .*\n$/],
    ['an empty file', 'aus2', '', /\n {2}1:1: this is not an AUS2 configuration: .*\n$/],
    ['JSON', 'aus2', JSON.stringify(world), /\n {2}1:1: this is not an AUS2 configuration: .*\n$/],
    ['PHP that breaks off', 'aus2', throttling.slice(0, -30), /\n {2}1:\d+: .*\n$/],
  ])('that is %s is refused as %s', async (_, format, content, complaint) => {
    const { code, stdout, stderr } = await run(['import', format, makeFile('file', content), '--data', data]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^sluice: A file to import has mistakes: .*\n(?: {2}\S+: .*\n)*$/);
    expect(stderr).toMatch(complaint);
  });
});

test('what is odd but usual in an export is imported, with a warning at its place', async () => {
  const strange = releaseRow('MyApp', '9.0') as {
    data: { platforms: Record<string, { locales: unknown }>; future?: number };
  };
  strange.data.future = 1;
  const foreign = { filesize: 1, from: '*', hashValue: 'ab', fileUrl: 'https://elsewhere.example/9.0.mar' };
  for (const build of Object.values(strange.data.platforms)) build.locales = { de: { complete: foreign } };
  const odd = {
    history: [],
    releases: [{ ...strange, name: 'another name' }, releaseRow('MyApp', '1.0.5')],
    rules: [
      ruleRow(1, 'gone', { fallbackMapping: 'lost', scheduled_by: 'someone' }),
      ruleRow(2, null),
      ruleRow(3, 'MyApp-1.0.5'),
    ],
    config: { ...config, colour: 'blue' },
  };
  const data = makeFolder();
  const { code, stdout, stderr } = await run(['import', 'balrog', makeFile('odd.json', odd), '--data', data]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'imported 2 releases, 3 rules, 1 file-host, 1 settings; revision 1\n',
  });
  const warnings = [...stderr.matchAll(/^warning: (.*)$/gm)].map(([, text = '']) => text).sort();
  expect(warnings).toEqual([
    'config.colour: nobody reads this key',
    'history: nobody reads this key',
    'releases[0].data.future: nobody reads this key',
    'releases[0].data.name: the blob is called MyApp-9.0, the release another name',
    'releases[0].data.platforms.Linux_x86_64-gcc3.locales.de.complete.fileUrl: MyApp may not have files from https://elsewhere.example/9.0.mar',
    'rules[0].fallbackMapping: there is no release lost',
    'rules[0].mapping: there is no release gone',
    'rules[0].scheduled_by: nobody reads this key',
    'rules[1].mapping: no release: whoever matches gets nothing',
    'rules[1]: never asked: rule 1 decides all that it matches',
    'rules[2]: never asked: rule 1 decides all that it matches',
  ]);
  expect((await exportOf(data)).objects).toHaveLength(7);
});

describe.concurrent('an import', () => {
  test('replaces all of the kinds that it carries, and nothing else', async () => {
    const data = await inhabitedFolder();
    const next = { releases: [releaseRow('MyApp', '2.0.4')], rules: [ruleRow(2, 'MyApp-2.0.4')] };
    await sluice('import', 'balrog', makeFile('next.json', next), '--data', data);
    expect(namesOf(await exportOf(data))).toEqual([
      'file-host download.example.org',
      'global-throttle global',
      'release MyApp-2.0.4',
      'rule 2',
      'settings updates',
      'throttle MyApp/1.0.5',
    ]);
  });

  test('with --merge adds to what there is', async () => {
    const data = await inhabitedFolder();
    const { objects } = await exportOf(data);
    const more = { releases: [releaseRow('MyApp', '2.0.4')], rules: [ruleRow(3, 'MyApp-2.0.4')] };
    await sluice('import', 'balrog', '--merge', makeFile('more.json', more), '--data', data);
    const after = await exportOf(data);
    expect(after.objects).toEqual(expect.arrayContaining([...objects]));
    const added = after.objects.filter(
      (object) => !objects.some(({ kind, name }) => kind === object.kind && name === object.name),
    );
    expect(added.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['release MyApp-2.0.4', 'rule 3']);
  });

  test('of the same file changes nothing, and of a changed one keeps the salts', async () => {
    const data = await inhabitedFolder();
    const before = await sluice('export', '--data', data);
    const again = await sluice('import', 'balrog', makeFile('again.json', world), '--data', data);
    expect(again).toMatch(/; revision 2\n$/);
    expect(await sluice('export', '--data', data)).toBe(before);

    const rules = world.rules.map((rule) => ({ ...rule, backgroundRate: 50, priority: 7 }));
    await sluice('import', 'balrog', makeFile('changed.json', { ...world, rules }), '--data', data);
    const php = throttling.replace('25', '75');
    await sluice('import', 'aus2', makeFile('config-dist.php', php), '--data', data);
    const saltsOf = ({ objects }: Exported) => objects.map(({ kind, name, salt }) => [kind, name, salt]);
    const after = await exportOf(data);
    expect(saltsOf(after)).toEqual(saltsOf(JSON.parse(before) as Exported));
    expect(saltsOf(after).filter(([, , salt]) => salt !== undefined)).toHaveLength(4);
    expect(after.objects.find(({ kind }) => kind === 'throttle')).toMatchObject({ percent: 75 });
  });

  test('removes the sample world, and --merge leaves it', async () => {
    const sampleFolder = makeFolder();
    await (await serve(sampleFolder, ['--sample'])).stop();
    const sample = namesOf(await exportOf(sampleFolder));
    expect(sample.length).toBeGreaterThan(10);

    const more = makeFile('more.json', { rules: [ruleRow(77, 'MyApp-2.0.3')] });
    await sluice('import', 'balrog', '--merge', more, '--data', sampleFolder);
    expect(namesOf(await exportOf(sampleFolder))).toEqual(expect.arrayContaining([...sample, 'rule 77']));

    await sluice('import', 'balrog', makeFile('world.json', world), '--data', sampleFolder);
    expect(namesOf(await exportOf(sampleFolder))).toEqual([
      'file-host download.example.org',
      'release MyApp-1.0.5',
      'release MyApp-2.0.3',
      'rule 1',
      'rule 2',
      'settings updates',
    ]);
  });
});

describe.concurrent('put', () => {
  let data: string;
  let before: string;
  beforeAll(async () => {
    data = await inhabitedFolder();
    before = await sluice('export', '--data', data);
  });

  test('takes an export into an empty folder, and gives the same objects', async () => {
    const empty = makeFolder();
    await sluice('put', makeFile('export.json', before), '--data', empty);
    expect((await exportOf(empty)).objects).toEqual((JSON.parse(before) as Exported).objects);
  });

  test('takes one object, a list or YAML', async () => {
    const folder = makeFolder();
    const stop = { kind: 'emergency-stop', product: 'MyApp', channel: 'beta' };
    await sluice('put', makeFile('one.json', stop), '--data', folder);
    await sluice('put', makeFile('list.json', [stop, { ...stop, channel: 'release' }]), '--data', folder);
    await sluice(
      'put',
      makeFile('one.yaml', 'kind: emergency-stop\nproduct: OtherApp\nversion: "1.0"\n'),
      '--data',
      folder,
    );
    expect(withoutSalts((await exportOf(folder)).objects)).toEqual([
      { name: 'MyApp/beta', ...stop },
      { name: 'MyApp/release', ...stop, channel: 'release' },
      { name: 'OtherApp/*/version=1.0', kind: 'emergency-stop', product: 'OtherApp', version: '1.0' },
    ]);
  });

  const foreignRelease = {
    kind: 'release',
    name: 'R',
    product: 'MyApp',
    blob: { name: 'R', schema_version: 2, fileUrls: { release: 'https://elsewhere.example/%FILENAME%' } },
  };
  test('refuses what is wrong or of no use, and says where', async () => {
    const refused: readonly (readonly [content: unknown, complaint: RegExp])[] = [
      [foreignRelease, /blob\.fileUrls\.release: MyApp may not have files from https:\/\/elsewhere\.example/],
      [{ kind: 'throttle', product: 'MyApp', version: '1', percent: 0, percnt: 3 }, /percnt/],
      [[{ kind: 'rule', name: '9', priority: 1, release: 'MyApp-2.0.3', chanel: 'x' }], /\[0\]\.chanel: /],
      [{ kind: 'rule', name: '9', priority: 1, release: 'no such' }, /release: there is no release no such/],
      [{ kind: 'rule', name: 'nine', priority: 1, release: 'MyApp-2.0.3' }, /called by its number/],
      [{ kind: 'ruler', name: '9' }, /kind: there is no kind ruler/],
      ['kind: throttle\n  product: [', /^sluice: .*\n(?: {2}\d+:\d+: .*\n)*$/],
    ];
    const attempts = refused.map(async ([content, complaint]) => {
      const { code, stdout, stderr } = await run(['put', makeFile('object', content), '--data', data]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(complaint);
    });
    await Promise.all(attempts);
    expect(await sluice('export', '--data', data)).toBe(before);
  });
});

test('delete keeps what others need, and names who needs it', async () => {
  const data = await inhabitedFolder();
  const before = await sluice('export', '--data', data);
  const refused = await run(['delete', 'release', 'MyApp-1.0.5', '--data', data]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('release MyApp-1.0.5: rule 1 needs it');
  expect(refused.stderr).toContain('release MyApp-1.0.5: rule 2 needs it');
  expect(await sluice('export', '--data', data)).toBe(before);
  expect(await run(['delete', 'release', 'no such', '--data', data])).toMatchObject({ code: 1, stdout: '' });

  await sluice('delete', 'rule', '1', '--data', data);
  await sluice('delete', 'rule', '2', '--data', data);
  await sluice('delete', 'release', 'MyApp-1.0.5', '--data', data);
  expect(namesOf(await exportOf(data))).not.toContain('release MyApp-1.0.5');
});

describe.concurrent('check', () => {
  test('says what a file is, for all three formats, and needs no database', async () => {
    const cwd = makeFolder();
    const check = async (name: string, content: unknown) => {
      writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
      return await run(['check', name], { cwd });
    };
    expect(await check('world.json', world)).toMatchObject({
      code: 0,
      stdout: 'world.json: balrog, 6 objects, no mistakes\n',
      stderr: '',
    });
    expect(await check('config-dist.php', throttling)).toMatchObject({
      code: 0,
      stdout: 'config-dist.php: aus2, 2 objects, no mistakes\n',
      stderr: '',
    });
    const stop = { kind: 'emergency-stop', product: 'MyApp' };
    expect(await check('stop.json', stop)).toMatchObject({
      code: 0,
      stdout: 'stop.json: objects, 1 object, no mistakes\n',
      stderr: '',
    });
    expect(await check('wrong.json', { ...stop, channel: '' })).toMatchObject({ code: 1, stdout: '' });
  });
});
