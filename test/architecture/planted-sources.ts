import type { Source } from './source.ts';

/** A violation for each rule, under the rule's sentence, and beside it the nearest thing that is allowed. */
export interface Planted {
  readonly wrong: readonly Source[];
  readonly right: readonly Source[];
}

const file = (path: string, text: string): Source => ({ path, text });
const importing = (path: string, ...specifiers: readonly string[]): Source =>
  file(path, specifiers.map((specifier) => `import { it } from '${specifier}';\n`).join(''));

const core = 'packages/sluice/src/core';
const server = 'packages/server/src';

export const planted: Readonly<Record<string, Planted>> = {
  'the core imports nothing outside the core': {
    wrong: [
      importing(`${core}/decide.ts`, 'node:fs'),
      importing(`${core}/decide.ts`, '../client/poll.ts'),
      file(`${core}/decide.ts`, "export { z } from 'zod';\n"),
      file(`${core}/decide.ts`, "const later = await import('zod');\n"),
      file(`${core}/decide.ts`, "import type {\n  One, // and a word\n  Two,\n} from 'zod';\n"),
      file(`${core}/decide.ts`, "import 'zod';\n"),
      file(`${core}/decide.ts`, "type Z = import('zod').ZodType;\n"),
    ],
    right: [
      importing(`${core}/decide.ts`, './match.ts'),
      importing(`${core}/decide.test.ts`, 'vitest', 'node:fs'),
      file(`${core}/decide.ts`, "/**\n * @example\nimport { decide } from 'sluice';\n */\n// import('zod')\n"),
    ],
  },
  'the client imports only the core': {
    wrong: [importing('packages/sluice/src/client/poll.ts', 'undici')],
    right: [importing('packages/sluice/src/client/poll.ts', '../core/decide.ts', './cache.ts')],
  },
  'the engine is imported by its public entries': {
    wrong: [
      importing(`${server}/app/decide.ts`, 'sluice/dist/core/decide.js'),
      importing(`${server}/app/decide.ts`, '../../../sluice/src/core/decide.ts'),
    ],
    right: [importing(`${server}/app/decide.ts`, 'sluice', 'sluice/client')],
  },
  'a face does not import another face': {
    wrong: [
      importing(`${server}/faces/aus.ts`, './ofrep.ts'),
      importing(`${server}/faces/aus/blobs/patches.ts`, '../../ofrep/parse.ts'),
      importing(`${server}/admin-faces/metrics.ts`, './health.ts'),
      importing(`${server}/admin-faces/metrics/text.ts`, '../../faces/aus.ts'),
      importing(`${server}/faces/aus.ts`, '../admin-faces/metrics.ts'),
    ],
    right: [
      importing(`${server}/faces/index.ts`, './aus.ts', './ofrep.ts'),
      importing(`${server}/faces/aus.ts`, './aus/parse.ts', '../app/decide.ts', '../face.ts'),
      importing(`${server}/faces/aus/blobs/patches.ts`, '../xml.ts', '../../../problem.ts'),
      importing(`${server}/admin-faces/index.ts`, './health.ts', './metrics.ts'),
      importing(`${server}/admin-faces/metrics.ts`, './metrics/text.ts', '../admin-face.ts', 'prom-client'),
    ],
  },
  'a face does not import a store, a signal, a notifier, an importer or a renderer': {
    wrong: [
      importing(`${server}/faces/admin.ts`, '../stores/sqlite.ts'),
      importing(`${server}/faces/admin.ts`, '../importers/balrog.ts'),
      importing(`${server}/faces/admin.ts`, '../cli/serve.ts'),
      importing(`${server}/admin-faces/edge.ts`, '../stores/sqlite.ts'),
    ],
    right: [
      importing(`${server}/faces/admin.ts`, '../store.ts', '../importer.ts'),
      importing(`${server}/faces/admin.test.ts`, '../stores/sqlite.ts'),
      importing(`${server}/faces/store.fixture.ts`, '../stores/sqlite.ts'),
    ],
  },
  'app imports contracts and no implementation': {
    wrong: [
      importing(`${server}/app/revert.ts`, '../stores/sqlite.ts'),
      importing(`${server}/app/revert.ts`, '../faces/admin.ts'),
      importing(`${server}/app/revert.ts`, '../admin-faces/metrics.ts'),
      importing(`${server}/app/revert.ts`, '../cli/serve.ts'),
    ],
    right: [importing(`${server}/app/revert.ts`, '../store.ts', '../kinds/index.ts', './commit.ts', 'sluice')],
  },
  'agent, cli and node import contracts and no implementation': {
    wrong: [
      importing(`${server}/cli/import.ts`, '../importers/balrog.ts'),
      importing(`${server}/agent/loop.ts`, '../signals/uptake.ts'),
    ],
    right: [importing(`${server}/cli/import.ts`, '../importer.ts', '../app/import-objects.ts')],
  },
  'an implementation imports its contract and nothing of the other rooms': {
    wrong: [
      importing(`${server}/stores/sqlite.ts`, '../app/commit.ts'),
      importing(`${server}/importers/balrog/read.ts`, '../../stores/sqlite.ts'),
    ],
    right: [importing(`${server}/stores/sqlite/open.ts`, '../../store.ts', '../rows.ts', 'kysely')],
  },
  'signals and notifiers reach the network through the guard only, and mail by its library': {
    wrong: [
      importing(`${server}/signals/prometheus.ts`, 'node:https'),
      importing(`${server}/signals/prometheus/ask.ts`, 'undici'),
      importing(`${server}/notifiers/webhook.ts`, 'node:dns/promises'),
      importing(`${server}/notifiers/webhook.ts`, '../outside/ask-server.ts'),
      file(`${server}/signals/http-json.ts`, 'const answer = await fetch(url);\n'),
    ],
    right: [
      importing(`${server}/signals/prometheus.ts`, '../signal.ts'),
      importing(`${server}/notifiers/email.ts`, 'nodemailer', 'node:crypto'),
      importing(`${server}/outside/ask-server.ts`, 'node:https'),
    ],
  },
  'only main.ts reads the lists of implementations': {
    wrong: [
      importing(`${server}/http/listen.ts`, '../faces/index.ts'),
      importing(`${server}/http/admin-listener.ts`, '../admin-faces/index.ts'),
    ],
    right: [
      importing(`${server}/main.ts`, './faces/index.ts', './stores/index.ts'),
      importing(`${server}/faces/faces.test.ts`, './index.ts'),
      importing(`${server}/app/kinds.ts`, '../kinds/index.ts'),
    ],
  },
  'nobody imports main.ts': {
    wrong: [importing(`${server}/cli/serve.ts`, '../main.ts'), importing(`${server}/main.test.ts`, './main.ts')],
    right: [importing(`${server}/cli/serve.ts`, '../config.ts')],
  },
  'process.env is read in config.ts only': {
    wrong: [
      file(`${server}/cli/serve.ts`, "const port = process.env['PORT'];\n"),
      file(`${server}/cli/serve.ts`, 'const { argv, env } = process;\n'),
      file(`${server}/cli/serve.ts`, "import { env } from 'node:process';\n"),
    ],
    right: [
      file(`${server}/config.ts`, 'export const { env } = process;\n'),
      file(`${server}/cli/serve.ts`, '// process.env is read elsewhere\nconst { argv } = process;\n'),
      file(`${server}/cli/serve.test.ts`, "const isLong = process.env['SLUICE_SOAK'] === '1';\n"),
    ],
  },
  'no folder or file is named after nothing in particular': {
    wrong: [
      file(`${server}/utils/time.ts`, ''),
      file(`${server}/app/types.ts`, ''),
      file(`${server}/user-service.ts`, ''),
    ],
    right: [file(`${server}/kinds/blobs/common-name.ts`, ''), file(`${server}/app/service-time.ts`, '')],
  },
  'no name ends in Service, Manager or Impl': {
    wrong: [
      file(`${server}/app/rule.ts`, 'export class RuleService {}\n'),
      file(`${core}/a.ts`, 'type RuleImpl = 1;\n'),
    ],
    right: [file(`${server}/app/rule.ts`, "import { LockManager } from 'elsewhere';\n")],
  },
  'there is no enum': {
    wrong: [file(`${core}/a.ts`, 'export enum Kind {}\n'), file(`${core}/a.ts`, 'const enum Kind {}\n')],
    right: [file(`${core}/a.ts`, "/** Not an enum. */\nexport type Kind = 'enum';\n")],
  },
  'exports have names': {
    wrong: [
      file(`${core}/a.ts`, 'export default 1;\n'),
      file(`${core}/a.ts`, 'const a = 1;\nexport { a as default };\n'),
    ],
    right: [file(`${core}/a.ts`, 'export const byDefault = 1;\n')],
  },
  'no interface wears an I': {
    wrong: [file(`${core}/a.ts`, 'export interface IRule {}\n')],
    right: [file(`${core}/a.ts`, 'export interface Importer {}\n')],
  },
  'no file is longer than 300 lines, nor a test than 400': {
    wrong: [file(`${core}/a.ts`, '1;\n'.repeat(301)), file(`${core}/a.test.ts`, '1;\n'.repeat(401))],
    right: [
      file(`${core}/a.ts`, '1;\n'.repeat(300)),
      file(`${core}/a.test.ts`, '1;\n'.repeat(400)),
      file(`${core}/a.ts`, `// @generated by npm run docs\n${'1;\n'.repeat(301)}`),
    ],
  },
};
