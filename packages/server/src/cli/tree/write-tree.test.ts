import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kindNames } from '../../kind.ts';
import { readTree } from './read-tree.ts';
import { filesIn, treeFolders } from './tree-folder.fixture.ts';
import { objectText, type WrittenObject, writeTree } from './write-tree.ts';

const folderWith = treeFolders();
const options = { kinds: kindNames, wasThere: async () => true };
const policy = (name: string, signOffs = 1): WrittenObject => ({
  kind: 'policy',
  name,
  body: { role: 'qa', signOffs, ownSignOff: false },
});

describe('writing a folder', () => {
  test('gives each object a file, from which the same is read', async () => {
    const folder = join(folderWith(), 'new/folder');
    const objects = [policy('a'), policy('b/c d'), policy('ü'.repeat(300))];
    const done = await writeTree(folder, objects, options);
    expect(done).toMatchObject({ same: 0, removed: [], left: [] });
    expect(done.written).toHaveLength(3);
    const { objects: read, mistakes } = await readTree(folder);
    expect(mistakes).toEqual([]);
    expect(read.map(({ kind, name, body }) => ({ kind, name, body }))).toEqual(expect.arrayContaining(objects));
  });

  test('leaves a file that says the same, with its comments, and writes one that does not', async () => {
    const mine = '# agreed on in May\nkind: policy\nname: a\nrole: qa # they know\nsignOffs: 1\n';
    const folder = folderWith({ 'policy/a.yaml': mine, 'policy/b.yaml': mine.replace('name: a', 'name: b') });
    const done = await writeTree(folder, [policy('a'), policy('b', 2)], options);
    expect(done).toEqual({ written: ['policy/b.yaml'], same: 1, removed: [], left: [] });
    expect(filesIn(folder)).toEqual({ 'policy/a.yaml': mine, 'policy/b.yaml': objectText(policy('b', 2)) });
  });

  test('removes the files of objects that are gone, and nothing else', async () => {
    const others = {
      'README.md': '# Ours',
      'policy/README.md': 'policies',
      'policy/broken.yaml': '{',
      'policy/.keep': '',
      'notes/a.yaml': 'kind: policy\nname: a\n',
    };
    const folder = folderWith({
      ...others,
      'policy/gone.yaml': objectText(policy('gone')),
      'policy/new.yaml': objectText(policy('new')),
      'rule/10.yaml': 'kind: rule\nname: "10"\npriority: 1\n',
    });
    const done = await writeTree(folder, [policy('a')], {
      kinds: ['policy'],
      wasThere: async ({ name }) => name === 'gone',
    });
    expect(done.removed).toEqual(['policy/gone.yaml']);
    expect(done.left).toEqual(['policy/broken.yaml', 'policy/new.yaml']);
    expect(Object.keys(filesIn(folder))).toEqual(
      [...Object.keys(others), 'policy/a.yaml', 'policy/new.yaml', 'rule/10.yaml'].sort(),
    );
  });

  test('keeps names apart that differ in capital letters only', async () => {
    const folder = folderWith({ 'policy/fx.yaml': objectText(policy('fx')) });
    const never = async (): Promise<boolean> => false;
    const done = await writeTree(folder, [policy('fx'), policy('FX')], { ...options, wasThere: never });
    expect(done.written).toHaveLength(2);
    expect(done.removed).toEqual(['policy/fx.yaml']);
    const names = Object.keys(filesIn(folder));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(2);
    const read = await readTree(folder);
    expect(read.mistakes).toEqual([]);
    expect(read.objects.map(({ name }) => name).sort()).toEqual(['FX', 'fx']);
    const back = await writeTree(folder, [policy('fx')], { ...options, wasThere: async () => true });
    expect(Object.keys(filesIn(folder))).toEqual(['policy/fx.yaml']);
    expect(back.removed).toHaveLength(2);
  });

  test('says so where a file cannot be written', async () => {
    const folder = folderWith({ policy: 'a file where a folder must be' });
    await expect(writeTree(folder, [policy('a')], options)).rejects.toMatchObject({ code: 'unwritable-file' });
  });
});
