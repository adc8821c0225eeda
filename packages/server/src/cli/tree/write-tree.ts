import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { KindName } from '../../kind.ts';
import { isKindName } from '../../kinds/index.ts';
import { Problem } from '../../problem.ts';
import type { ObjectName } from '../../store.ts';
import { readText } from '../read-text.ts';
import { bodyYaml } from './body-yaml.ts';
import { foldFileName, markedFileName, objectFileName } from './object-path.ts';
import { readObjectFile } from './read-object-file.ts';
import { entriesOf, isObjectFile } from './read-tree.ts';

/** An object to be written to its file. */
export interface WrittenObject extends ObjectName {
  readonly body: unknown;
}

export interface WriteTreeOptions {
  /** The kinds whose files are written; those of others stay as they are. */
  readonly kinds: readonly KindName[];
  /** Whether an object that is not among those written was there once: only then its file goes. */
  readonly wasThere: (object: ObjectName) => Promise<boolean>;
}

/** What was done, as paths below the folder. */
export interface WrittenTree {
  readonly written: readonly string[];
  readonly same: number;
  readonly removed: readonly string[];
  /** Files of objects that the server never had, which were left. */
  readonly left: readonly string[];
}

/**
 * Writes one file per object, and removes the files of objects that are gone. A file that says the same already stays as it
 * is, with its comments; what is no file of an object stays too.
 * @throws Problem `unwritable-file`, `unreadable-file`.
 */
export async function writeTree(
  folder: string,
  objects: readonly WrittenObject[],
  { kinds, wasThere }: WriteTreeOptions,
): Promise<WrittenTree> {
  const wanted = placesFor(objects);
  const written: string[] = [];
  await orUnwritable(folder, () => mkdir(folder, { recursive: true }));
  const there = await objectFilesIn(folder, kinds);
  let same = 0;
  for (const [path, object] of wanted) {
    if (there.has(path) && saysTheSame(path, object, await readText(join(folder, path)))) same += 1;
    else {
      await orUnwritable(path, async () => {
        await mkdir(join(folder, object.kind), { recursive: true });
        await replaceFile(join(folder, path), objectText(object));
      });
      written.push(path);
    }
  }
  const removed: string[] = [];
  const left: string[] = [];
  for (const path of there) {
    if (wanted.has(path)) continue;
    const kind = path.slice(0, path.indexOf('/')) as KindName;
    const read = readObjectFile(path, kind, await readText(join(folder, path)));
    const isMoved = !('mistakes' in read) && objects.some((one) => one.kind === kind && one.name === read.name);
    if (!('mistakes' in read) && (isMoved || (await wasThere(read)))) {
      await orUnwritable(path, () => rm(join(folder, path)));
      removed.push(path);
    } else left.push(path);
  }
  return { written, same, removed, left };
}

/** The text of an object's file, which `sluice put` takes too. */
export function objectText({ kind, name, body }: WrittenObject): string {
  return bodyYaml(kind, body, { kind, name });
}

/** Where each object belongs. Names that some file systems would take for one all get a mark. */
function placesFor(objects: readonly WrittenObject[]): ReadonlyMap<string, WrittenObject> {
  const counts = new Map<string, number>();
  const keyOf = ({ kind, name }: ObjectName): string => `${kind}/${foldFileName(objectFileName(name))}`;
  for (const object of objects) counts.set(keyOf(object), (counts.get(keyOf(object)) ?? 0) + 1);
  return new Map(
    objects.map((object) => {
      const file = counts.get(keyOf(object)) === 1 ? objectFileName(object.name) : markedFileName(object.name);
      return [`${object.kind}/${file}`, object];
    }),
  );
}

function saysTheSame(path: string, { kind, name, body }: WrittenObject, source: string): boolean {
  const read = readObjectFile(path, kind, source);
  return !('mistakes' in read) && read.name === name && isDeepStrictEqual(read.body, body);
}

async function objectFilesIn(folder: string, kinds: readonly KindName[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { name: kind, isFolder } of await entriesOf(folder)) {
    if (!isFolder || !isKindName(kind) || !kinds.includes(kind)) continue;
    for (const { name, isFolder: isBelow } of await entriesOf(join(folder, kind))) {
      if (!isBelow && isObjectFile(name)) found.add(`${kind}/${name}`);
    }
  }
  return found;
}

/** What was interrupted leaves a file that is no object's. */
async function replaceFile(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, text);
  await rename(part, file);
}

async function orUnwritable(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('unwritable-file', `${path}: ${reason}`, [], { cause: error });
  }
}
