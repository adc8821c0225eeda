import { expect, test } from 'vitest';
import { markedFileName } from './object-path.ts';
import { readTree } from './read-tree.ts';
import { treeFolders } from './tree-folder.fixture.ts';

const folderWith = treeFolders();
const throttle = 'kind: throttle\nname: MyApp/1.0\nproduct: MyApp\nversion: "1.0"\npercent: 10\n';

test('a folder is read as the objects of its files, settled as their kinds settle them', async () => {
  const folder = folderWith({
    'rule/10.yaml': '# the first\nkind: rule\nname: 10\npriority: 5\nlocale: de, fr\n',
    'throttle/MyApp%2F1.0.yaml': throttle,
    'README.md': '# Ours\n',
    'rule/notes.md': 'no object',
    'rule/.hidden.yaml': '{',
    'scripts/rule.yaml': '{',
  });
  const { objects, managed, mistakes, doubts } = await readTree(folder);
  expect({ mistakes, doubts }).toEqual({ mistakes: [], doubts: [] });
  expect(managed).toEqual(new Set(['rule', 'throttle']));
  expect(objects.map(({ kind, name, path }) => [kind, name, path])).toEqual([
    ['rule', '10', 'rule/10.yaml'],
    ['throttle', 'MyApp/1.0', 'throttle/MyApp%2F1.0.yaml'],
  ]);
  expect(objects[0]?.body).toMatchObject({ locale: 'de,fr', share: { kind: 'percent', percent: 100 } });
});

test('every mistake is told with its file, line and column', async () => {
  const folder = folderWith({
    'rule/10.yaml': 'kind: rule\nname: 10\npriority: high\nshare:\n  kind: percent\n  percent: 101\nfoo: 1\n',
    'rule/11.yaml': 'kind: throttle\nname: 11\n',
    'rule/12.yaml': 'kind: rule\nname: 13\npriority: 1\n',
    'rule/14.yaml': 'kind: rule\nname: 14\npriority: 1\npriority: 2\n  x: [\n',
    'rule/15.yaml': '- 1\n',
    'rule/16.yaml': 'name: 16\n',
    'rule/17.yaml': 'kind: rule\npriority: 1\n',
    'rule/x.yaml': 'kind: rule\nname: x\npriority: 1\n',
    'rule/18.yaml': 'kind: rule\nname: 18\npriority: .inf\n',
    'rule/19.yml': 'kind: rule\n',
    'rule/more/20.yaml': 'kind: rule\n',
    'throttle/a.yaml': throttle,
    'throttle/b.yaml': throttle.replace('name: MyApp/1.0', 'name: MyApp/2.0'),
  });
  const { mistakes, objects } = await readTree(folder);
  expect(objects).toEqual([]);
  const told = mistakes.map(({ at, message }) => `${at} ${message}`);
  const wanted = [
    /^rule\/10\.yaml:3:1 priority: .*expected number/,
    /^rule\/10\.yaml:6:3 share\.percent: /,
    /^rule\/10\.yaml:7:1 foo: there is no such field$/,
    /^rule\/11\.yaml:1:1 the folder is that of the kind rule$/,
    /^rule\/12\.yaml:2:1 the file of rule 13 is called 13\.yaml$/,
    /^rule\/14\.yaml:4:1 Map keys must be unique/,
    /^rule\/14\.yaml:4:11 Nested mappings/,
    /^rule\/14\.yaml:4:11 Implicit keys/,
    /^rule\/14\.yaml:6:1 Flow sequence/,
    /^rule\/15\.yaml:1:1 an object is a mapping/,
    /^rule\/16\.yaml:1:1 kind is missing$/,
    /^rule\/17\.yaml:1:1 name is missing$/,
    /^rule\/18\.yaml:3:1 this is no number that JSON has$/,
    /^rule\/19\.yml the name of an object’s file ends in \.yaml$/,
    /^rule\/more files of objects stand in rule\/ itself/,
    /^rule\/x\.yaml:2:1 a rule is called by its number$/,
    /^throttle\/a\.yaml:2:1 the file of throttle MyApp\/1\.0 is called MyApp%2F1\.0\.yaml$/,
    /^throttle\/b\.yaml:2:1 its content says that it is called MyApp\/1\.0$/,
  ];
  for (const one of wanted) expect(told).toContainEqual(expect.stringMatching(one));
  expect(told.filter((one) => !wanted.some((pattern) => pattern.test(one)))).toEqual([]);
});

test('a bomb of aliases is a mistake, and an object stands in one file', async () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[i]}`)}]`),
  ];
  const folder = folderWith({
    'release/bomb.yaml': `kind: release\nname: bomb\n${bomb.join('\n')}\n`,
    'throttle/MyApp%2F1.0.yaml': throttle,
    [`throttle/${markedFileName('MyApp/1.0')}`]: throttle,
  });
  const { mistakes } = await readTree(folder);
  expect(mistakes).toEqual([
    { at: 'release/bomb.yaml:1:1', message: expect.stringContaining('alias') },
    {
      at: `throttle/${markedFileName('MyApp/1.0')}:1:1`,
      message: 'throttle MyApp/1.0 stands in throttle/MyApp%2F1.0.yaml too',
    },
  ]);
});

test('a folder that is nearly called as a kind is left aside, and told of', async () => {
  const { doubts, managed } = await readTree(folderWith({ 'rules/10.yaml': 'x', 'file_host/a.yaml': 'x' }));
  expect(managed.size).toBe(0);
  expect(doubts).toEqual([
    'file_host/ is left aside; the folder of the kind is file-host/',
    'rules/ is left aside; the folder of the kind is rule/',
  ]);
});

test('a folder that is not there is a problem', async () => {
  await expect(readTree('/nowhere/at/all')).rejects.toMatchObject({ code: 'unreadable-file' });
});
