import { expect, test } from 'vitest';
import { runOnPlantedTree } from './planted-tree.ts';

const core = 'packages/sluice/src/core';
const server = 'packages/server/src';
const importing = (...specifiers: readonly string[]) =>
  specifiers.map((specifier, i) => `export { it as it${i} } from '${specifier}';\n`).join('');

/** Each file with the rules that it breaks, as often as it breaks them. The ones that break none are allowed on purpose. */
const planted: readonly (readonly [path: string, text: string, broken: readonly string[]])[] = [
  [`${core}/clock.ts`, 'export const now = Date.now();\n', ['noRestrictedGlobals']],
  [`${core}/dice.ts`, 'export const draw = Math.random;\n', ['noJsRestrictedProperties']],
  [`${core}/dice.test.ts`, 'export const now = Date.now() + Math.random();\n', []],
  [
    `${core}/outside.ts`,
    importing('node:fs', 'zod', '../client/poll.ts', './dice.ts'),
    Array(3).fill('noRestrictedImports'),
  ],
  ['packages/sluice/src/client/poll.ts', importing('zod', '../core/dice.ts', './cache.ts'), ['noRestrictedImports']],

  [`${server}/faces/aus.ts`, importing('./ofrep.ts', './aus/xml.ts', '../app/revert.ts'), ['noRestrictedImports']],
  [
    `${server}/faces/ofrep.ts`,
    importing('../stores/sqlite.ts', '../signals/uptake.ts'),
    Array(2).fill('noRestrictedImports'),
  ],
  [`${server}/faces/aus/xml.ts`, importing('../ofrep.ts', './escape.ts', '../../store.ts'), ['noRestrictedImports']],
  [
    `${server}/faces/aus/blobs/a.ts`,
    importing('../../ofrep.ts', '../xml.ts', '../../../store.ts'),
    ['noRestrictedImports'],
  ],
  [`${server}/faces/index.ts`, importing('./aus.ts', './ofrep.ts'), []],
  [`${server}/app/a.ts`, importing('../stores/sqlite.ts', '../store.ts', '../kinds/index.ts'), ['noRestrictedImports']],
  [`${server}/app/store.fixture.ts`, importing('../stores/index.ts'), []],
  [`${server}/cli/serve.ts`, importing('../importers/balrog.ts', '../importer.ts'), ['noRestrictedImports']],
  [`${server}/node/open.ts`, importing('../sources/store.ts', '../source.ts'), ['noRestrictedImports']],
  [
    `${server}/sources/edge.ts`,
    importing('../stores/sqlite.ts', '../app/revert.ts', '../store.ts'),
    Array(2).fill('noRestrictedImports'),
  ],
  [`${server}/admin-faces/health.ts`, importing('./metrics.ts', '../health.ts'), ['noRestrictedImports']],
  [`${server}/stores/sqlite.ts`, importing('../app/revert.ts', '../store.ts', './rows.ts'), ['noRestrictedImports']],
  [
    `${server}/http/listen.ts`,
    importing('../faces/index.ts', 'sluice/dist/core/a.js', 'sluice'),
    Array(2).fill('noRestrictedImports'),
  ],
  [`${server}/main.ts`, importing('./faces/index.ts', './stores/index.ts'), []],
  [`${server}/start.ts`, importing('./main.ts'), ['noRestrictedImports']],
  [`${server}/env.ts`, "export const port = process.env['PORT'];\n", ['noProcessEnv']],
  [`${server}/config.ts`, "export const port = process.env['PORT'];\n", []],

  [`${server}/hen.ts`, "import { egg } from './egg.ts';\n\nexport const hen = () => egg;\n", ['noImportCycles']],
  [`${server}/egg.ts`, "import type { hen } from './hen.ts';\n\nexport type egg = typeof hen;\n", ['noImportCycles']],
  [`${server}/badName.ts`, 'export const a = 1;\n', ['useFilenamingConvention']],
  [`${server}/nameless.ts`, 'const a = 1;\nexport default a;\n', ['noDefaultExport']],
  ['tool.config.ts', 'export default {};\n', []],
  [`${server}/loud.ts`, "console.log('here');\n", ['noConsole']],
  [`${server}/cli/loud.ts`, "console.log('here');\n", []],
  ['scripts/loud.mjs', "console.log('here');\n", []],
  [`${server}/loud.test.ts`, "console.info('a figure');\nconsole.log('here');\n", ['noConsole']],
  [
    `${server}/afloat.ts`,
    'async function save() {}\n\nexport function run() {\n  save();\n}\n',
    ['noFloatingPromises'],
  ],
  [`${server}/enum.ts`, 'export enum Kind {\n  A = 1,\n}\n', ['noEnum']],
  [`${server}/any.ts`, 'export const a: any = 1;\n', ['noExplicitAny']],
  [`${server}/quotes.ts`, 'export const a = "b";\n', ['format']],
  [`${server}/tabs.ts`, 'export function a() {\n\treturn 1;\n}\n', ['format']],
  [`${server}/wide.ts`, `export const a = ['${'a'.repeat(46)}', '${'b'.repeat(46)}'];\n`, []],
  [`${server}/wider.ts`, `export const a = ['${'a'.repeat(46)}', '${'b'.repeat(46)}', 1];\n`, ['format']],
];

interface Finding {
  readonly category: string;
  readonly severity: string;
  readonly location: { readonly path: string };
}

test('each lint rule finds its planted violation and nothing that is allowed', async () => {
  const files = Object.fromEntries(planted.map(([path, text]) => [path, text]));
  // Without the order of imports, which is a matter of taste and not of architecture.
  const args = ['check', '--assist-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const printed = await runOnPlantedTree('@biomejs/biome/bin/biome', args, {
    copied: ['biome.json', '.gitignore'],
    files,
  });
  const findings: readonly Finding[] = JSON.parse(printed).diagnostics;

  const found = Object.fromEntries(planted.map(([path]) => [path, [] as string[]]));
  for (const { category, location } of findings) found[location.path]?.push(category.split('/').at(-1) ?? '');
  expect(found).toEqual(Object.fromEntries(planted.map(([path, , broken]) => [path, broken])));
  expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['error']));
});
