import { expect, test } from 'vitest';
import { runOnPlantedTree } from './planted-tree.ts';

/** Files of the core, each with the compiler's word on it. */
const planted = {
  'process.ts': ['export const a: string = process.version;', "Cannot find name 'process'"],
  'fetch.ts': ["export const a: unknown = fetch('/');", "Cannot find name 'fetch'"],
  'document.ts': ['export const a: unknown = document;', "Cannot find name 'document'"],
  'console.ts': ["console.log('here');\nexport {};", "Cannot find name 'console'"],
  'timer.ts': ['setTimeout(() => {}, 1);\nexport {};', "Cannot find name 'setTimeout'"],
  'crypto.ts': ['export const a: string = crypto.randomUUID();', "Cannot find name 'crypto'"],
  'node.ts': ["import { readFileSync } from 'node:fs';\nexport const a: unknown = readFileSync;", "'node:fs'"],
  'enum.ts': ['export enum A { B = 1 }', "'erasableSyntaxOnly'"],
  'unchecked.ts': ["export const a: string = ['b'][1];", "'string | undefined'"],
} as const;

const allowed = { 'arithmetic.ts': 'export const a: number = Math.imul(3, 4);\n' };

test('the core compiles without any platform, and each planted use of one is found', async () => {
  const tsconfig = JSON.stringify({
    extends: '../../packages/sluice/tsconfig.json',
    compilerOptions: { rootDir: '.', noEmit: true },
    include: ['*.ts'],
  });
  const sources = Object.fromEntries(Object.entries(planted).map(([path, [text]]) => [path, text]));
  const printed = await runOnPlantedTree('typescript/bin/tsc', ['-p', '.', '--pretty', 'false'], {
    copied: [],
    files: { ...sources, ...allowed, 'tsconfig.json': tsconfig },
  });

  const errors = printed.split('\n').filter((line) => line.includes('error TS'));
  for (const [path, [, word]] of Object.entries(planted)) {
    expect(errors.filter((line) => line.startsWith(`${path}(`)).join('\n'), path).toContain(word);
  }
  expect(errors.filter((line) => line.startsWith('arithmetic.ts'))).toEqual([]);
});
