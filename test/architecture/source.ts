import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** A file of ours: its path from the repository's root, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript and script file that people write, as it stands in the tree. */
export function readSources(root: string): readonly Source[] {
  return ['packages', 'test', 'bench', 'scripts']
    .flatMap((place) =>
      readdirSync(`${root}/${place}`, { recursive: true, encoding: 'utf8' }).map((name) => `${place}/${name}`),
    )
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

// Declarations begin a line, since the formatter puts them there; `import(…)` and `require(…)` may stand anywhere.
const clause = String.raw`(?:[\w\s{},*$]|\/\/.*|\/\*[\s\S]*?\*\/)*?`;
const declaration = new RegExp(String.raw`^(?:import|export)\s${clause}\bfrom\s*(['"])(?<from>.+?)\1`, 'gm');
const bare = /^import\s*(['"])(?<from>.+?)\1/gm;
const call = /\b(?:import|require)\(\s*(['"])(?<from>.+?)\1/g;

/** What a file imports, re-exports or loads: a package's name as it is written, a file of ours as its path from the root. */
export function importsOf(source: Source): readonly string[] {
  const text = withoutComments(source.text);
  return [declaration, bare, call]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => resolve(source.path, match.groups?.['from'] ?? ''));
}

/** Leaves out the comments that stand on lines of their own: they quote code. */
export function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}

function resolve(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}
