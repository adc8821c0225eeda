import { expect, test } from 'vitest';
import { runOnPlantedTree } from './planted-tree.ts';

const copied = ['package.json', 'knip.json', 'tsconfig.json', 'tsconfig.base.json'].concat(
  ['sluice', 'server'].flatMap((name) => [`packages/${name}/package.json`, `packages/${name}/tsconfig.json`]),
);

const server = 'packages/server/src';
const files = {
  'packages/sluice/src/core/index.ts': 'export const decide = 1;\n',
  [`${server}/main.ts`]:
    "import pino from 'pino';\nimport { used } from './used.ts';\nimport 'left-out';\n\npino(used);\n",
  [`${server}/used.ts`]: 'export const used = 1;\nexport const unused = 2;\n',
  [`${server}/dead.ts`]: 'export const dead = 1;\n',
  [`${server}/used.test.ts`]: "import { used } from './used.ts';\n\nused;\n",
};

test('each kind of dead code is found where it is planted', async () => {
  const args = ['--reporter=json', '--no-progress', '--no-gitignore'];
  const { issues } = JSON.parse(await runOnPlantedTree('knip/bin/knip.js', args, { copied, files }));
  const found = (path: string, kind: string): readonly string[] =>
    issues
      .filter(({ file }: { file: string }) => file === path)
      .flatMap((issue: Record<string, { name: string }[]>) => (issue[kind] ?? []).map(({ name }) => name));

  expect(found(`${server}/dead.ts`, 'files')).toEqual([`${server}/dead.ts`]);
  expect(found(`${server}/used.ts`, 'exports')).toEqual(['unused']);
  expect(found(`${server}/main.ts`, 'unlisted')).toEqual(['left-out']);
  expect(found('packages/server/package.json', 'dependencies')).toContain('kysely');
  expect(found('packages/server/package.json', 'dependencies')).not.toContain('pino');
  for (const path of [`${server}/used.test.ts`, 'packages/sluice/src/core/index.ts']) {
    expect(found(path, 'files').concat(found(path, 'exports'))).toEqual([]);
  }
});
