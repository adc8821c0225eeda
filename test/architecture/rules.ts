import { importsOf, type Source, withoutComments } from './source.ts';

/** One rule of docs and style: what is wrong with a file, in the words of the file itself; nothing when all is well. */
export interface Rule {
  /** The rule as a sentence, which is also the name of its test. */
  readonly says: string;
  offences(source: Source): readonly string[];
}

const core = 'packages/sluice/src/core/';
const client = 'packages/sluice/src/client/';
const server = 'packages/server/src/';
const rooms = ['faces', 'admin-faces', 'stores', 'sources', 'signals', 'notifiers', 'importers', 'renderers'];
const implementations = rooms.map((room) => `${server}${room}/`);
const faces = [`${server}faces/`, `${server}admin-faces/`];
const behindFaces = implementations.filter((room) => !faces.includes(room));
const lists = implementations.map((room) => `${room}index.ts`);
const main = `${server}main.ts`;
const above = [`${server}agent/`, `${server}cli/`, `${server}node/`];

/** Test code may know anyone; it stands beside the code that may not. */
const isTest = ({ path }: Source) => /\.(test|contract|fixture)\.(ts|mjs)$/.test(path) || path.startsWith('test/');
const isIn = (path: string, folders: readonly string[]) => folders.some((folder) => path.startsWith(folder));

/** A rule over the imports of production code: which files it is for, and which imports they may not have. */
function importRule(
  says: string,
  isFor: (path: string) => boolean,
  isWrong: (to: string, from: string) => boolean,
): Rule {
  return {
    says,
    offences: (source) =>
      isTest(source) || !isFor(source.path) ? [] : importsOf(source).filter((to) => isWrong(to, source.path)),
  };
}

/** A rule over the text of files: what of it may not be there. */
function textRule(says: string, isFor: (source: Source) => boolean, forbidden: RegExp): Rule {
  return {
    says,
    offences: (source) => (isFor(source) ? (withoutComments(source.text).match(forbidden) ?? []) : []),
  };
}

/** The room within a room: `faces/aus.ts` and all of `faces/aus/` are the face `aus`. */
function memberOf(path: string, room: string): string | undefined {
  return path.startsWith(room) ? path.slice(room.length).split(/[/.]/)[0] : undefined;
}

const direction: readonly Rule[] = [
  importRule(
    'the core imports nothing outside the core',
    (path) => isIn(path, [core]),
    (to) => !to.startsWith(core),
  ),
  importRule(
    'the client imports only the core',
    (path) => isIn(path, [client]),
    (to) => !isIn(to, [core, client]),
  ),
  {
    says: 'the engine is imported by its public entries',
    offences: (source) =>
      isIn(source.path, ['packages/sluice/'])
        ? []
        : importsOf(source).filter((to) => /^sluice\/(?!client$)|^packages\/sluice\//.test(to)),
  },
  importRule(
    'a face does not import another face',
    (path) => isIn(path, faces) && !lists.includes(path),
    (to, from) => faces.some((room) => isIn(to, [room]) && memberOf(to, room) !== memberOf(from, room)),
  ),
  importRule(
    'a face does not import a store, a signal, a notifier, an importer or a renderer',
    (path) => isIn(path, faces),
    (to) => isIn(to, [...behindFaces, ...above]),
  ),
  importRule(
    'app imports contracts and no implementation',
    (path) => isIn(path, [`${server}app/`]),
    (to) => isIn(to, [...implementations, ...above]),
  ),
  importRule(
    'agent, cli and node import contracts and no implementation',
    (path) => isIn(path, above),
    (to) => isIn(to, implementations),
  ),
  importRule(
    'an implementation imports its contract and nothing of the other rooms',
    (path) => isIn(path, behindFaces),
    (to, from) =>
      isIn(to, [...implementations, ...above, `${server}app/`]) &&
      !implementations.some((room) => to.startsWith(room) && from.startsWith(room)),
  ),
  {
    says: 'signals and notifiers reach the network through the guard only, and mail by its library',
    offences(source) {
      if (isTest(source) || !isIn(source.path, [`${server}signals/`, `${server}notifiers/`])) return [];
      const ways = /^(?:node:)?(?:https?|http2|net|tls|dns|dgram)(?:\/|$)|^undici/;
      const imports = importsOf(source).filter((to) => ways.test(to) || isIn(to, [`${server}outside/`]));
      return [...imports, ...(withoutComments(source.text).match(/\bfetch\(/g) ?? [])];
    },
  },
  importRule(
    'only main.ts reads the lists of implementations',
    (path) => path !== main,
    (to) => lists.includes(to),
  ),
  {
    says: 'nobody imports main.ts',
    offences: (source) => importsOf(source).filter((to) => to === main),
  },
];

const habits: readonly Rule[] = [
  textRule(
    'process.env is read in config.ts only',
    (source) => isIn(source.path, ['packages/']) && source.path !== `${server}config.ts` && !isTest(source),
    /\bprocess\s*\??\.\s*env\b|\bprocess\[['"]env['"]\]|\benv\b(?=[^;]*\bfrom\s*['"](?:node:)?process['"])|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/g,
  ),
  {
    says: 'no folder or file is named after nothing in particular',
    offences: ({ path }) =>
      path
        .split('/')
        .filter((part) => /^(utils?|helpers?|common|types|misc)(\.|$)|-(service|manager|impl)\./.test(part)),
  },
  textRule(
    'no name ends in Service, Manager or Impl',
    () => true,
    /^(?:export )?(?:abstract )?(?:class|interface|type|function|const) \w*(?:Service|Manager|Impl)\b/gm,
  ),
  textRule('there is no enum', () => true, /^(?:export )?(?:declare )?(?:const )?enum \w+/gm),
  textRule(
    'exports have names',
    ({ path }) => !path.endsWith('.config.mjs'),
    /^export default\b|^export \{[^}]*\bas default\b/gm,
  ),
  textRule('no interface wears an I', () => true, /^(?:export )?(?:declare )?interface I[A-Z]\w*/gm),
  {
    says: 'no file is longer than 300 lines, nor a test than 400',
    offences(source) {
      const lines = source.text.trimEnd().split('\n').length;
      const isGenerated = source.text.slice(0, 200).includes('@generated');
      return isGenerated || lines <= (isTest(source) ? 400 : 300) ? [] : [`${lines} lines`];
    },
  },
];

export const rules: readonly Rule[] = [...direction, ...habits];
