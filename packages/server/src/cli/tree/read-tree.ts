import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindName } from '../../kind.ts';
import { isKindName } from '../../kinds/index.ts';
import { type Mistake, Problem } from '../../problem.ts';
import { readText } from '../read-text.ts';
import { readObjectFile, type TreeObject } from './read-object-file.ts';

/** A folder with one file per object, in one folder per kind. */
export interface Tree {
  readonly objects: readonly TreeObject[];
  /** The kinds that have a folder: what of these kinds is not there is not wanted. */
  readonly managed: ReadonlySet<KindName>;
  /** What is wrong with files, each with file, line and column. */
  readonly mistakes: readonly Mistake[];
  /** What a person should look at, in words. */
  readonly doubts: readonly string[];
}

/** Reads all files of objects below a folder. @throws Problem `unreadable-file`. */
export async function readTree(folder: string): Promise<Tree> {
  const objects: TreeObject[] = [];
  const mistakes: Mistake[] = [];
  const managed = new Set<KindName>();
  const doubts: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.isFolder) continue;
    const { name: kind } = entry;
    if (!isKindName(kind)) {
      const meant = kind.toLowerCase().replaceAll('_', '-').replace(/s$/, '');
      if (isKindName(meant)) doubts.push(`${kind}/ is left aside; the folder of the kind is ${meant}/`);
      continue;
    }
    managed.add(kind);
    for (const { name: file, isFolder } of await entriesOf(join(folder, kind))) {
      const path = `${kind}/${file}`;
      const fault = file.startsWith('.') ? undefined : faultOfName(kind, file, isFolder);
      if (fault !== undefined) mistakes.push({ at: path, message: fault });
      if (fault !== undefined || isFolder || !isObjectFile(file)) continue;
      const read = readObjectFile(path, kind, await readText(join(folder, path)));
      if ('mistakes' in read) mistakes.push(...read.mistakes);
      else objects.push(read);
    }
  }
  return { objects, managed, mistakes: [...mistakes, ...doubles(objects)], doubts };
}

/** Whether a file in the folder of a kind is meant to be an object. */
export function isObjectFile(file: string): boolean {
  return file.endsWith('.yaml') && !file.startsWith('.');
}

/** What nobody would look at, though somebody may believe so, would be taken for an object that is gone. */
function faultOfName(kind: string, file: string, isFolder: boolean): string | undefined {
  if (isFolder) return `files of objects stand in ${kind}/ itself, not in folders below it`;
  return /\.(?:yml|json)$/i.test(file) ? 'the name of an object’s file ends in .yaml' : undefined;
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What a folder holds, in alphabetical order. */
export async function entriesOf(folder: string): Promise<readonly Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new Problem('unreadable-file', error instanceof Error ? error.message : String(error), [], { cause: error });
  }
}

function doubles(objects: readonly TreeObject[]): readonly Mistake[] {
  const first = new Map<string, string>();
  return objects.flatMap(({ kind, name, path }) => {
    const key = `${kind}/${name}`;
    const other = first.get(key);
    first.set(key, other ?? path);
    return other === undefined ? [] : [{ at: `${path}:1:1`, message: `${kind} ${name} stands in ${other} too` }];
  });
}
