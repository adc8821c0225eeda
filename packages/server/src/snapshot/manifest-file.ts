import { createHash } from 'node:crypto';
import type { KindName } from '../kind.ts';
import { isKindName } from '../kinds/index.ts';
import { Problem } from '../problem.ts';
import type { Mark, StoredObject } from '../store.ts';
import type { Manifest } from './manifest.ts';

/**
 * A manifest as text: JSON by the line. The first line says which format and commit this is and carries the SHA-256 of
 * that commit and all that follows; each further line is one object.
 */
interface Header {
  readonly format: typeof format;
  readonly mark: Mark;
  readonly objects: number;
  readonly sha256: string;
}

type Line = readonly [kind: KindName, name: string, version: number, revision: number, body: unknown];

const format = 'sluice-snapshot-1';
const lines = new WeakMap<StoredObject, string>();

/** Writes a manifest. @throws RangeError for more than one text can hold. */
export function writeManifest({ mark, objects }: Manifest): string {
  const body = objects.map((object) => `${lineOf(object)}\n`).join('');
  const header: Header = { format, mark, objects: objects.length, sha256: digest(mark, body) };
  return `${JSON.stringify(header)}\n${body}`;
}

/**
 * Reads a manifest. Objects that stand in `before` just so are taken from there, so that what is made of them need not
 * be made anew.
 * @throws Problem `snapshot-damaged` when it is not what was written.
 */
export function readManifest(text: string, before: Iterable<StoredObject> = []): Manifest {
  const end = text.indexOf('\n');
  const header = readHeader(text.slice(0, end));
  const body = text.slice(end + 1);
  if (digest(header.mark, body) !== header.sha256) throw damaged('its checksum is wrong');
  const known = new Map([...before].map((object) => [lineOf(object), object]));
  const objects = body
    .split('\n')
    .slice(0, -1)
    .map((line) => known.get(line) ?? objectIn(line));
  if (objects.length !== header.objects)
    throw damaged(`${header.objects} objects are announced, it has ${objects.length}`);
  return { mark: header.mark, objects };
}

function readHeader(line: string): Header {
  const header = parse(line) as Partial<Header> | null;
  if (header?.format !== format) throw damaged(`it is not of the format ${format}`);
  const { revision, commit } = header.mark ?? {};
  if (!Number.isSafeInteger(revision) || typeof commit !== 'string') throw damaged('it names no commit');
  return header as Header;
}

function lineOf(object: StoredObject): string {
  const known = lines.get(object);
  if (known !== undefined) return known;
  const { kind, name, version, revision, body } = object;
  const line = JSON.stringify([kind, name, version, revision, body] satisfies Line);
  lines.set(object, line);
  return line;
}

function objectIn(line: string): StoredObject {
  const [kind, name, version, revision, body] = parse(line) as Line;
  if (!isKindName(kind)) throw damaged(`there is no kind ${String(kind)}`);
  const object: StoredObject = { kind, name, version, revision, body };
  lines.set(object, line);
  return object;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw damaged('it is not JSON by the line', cause);
  }
}

function digest({ revision, commit }: Mark, body: string): string {
  return createHash('sha256')
    .update(`${JSON.stringify([revision, commit])}\n`)
    .update(body)
    .digest('hex');
}

function damaged(reason: string, cause?: unknown): Problem {
  return new Problem('snapshot-damaged', `the manifest cannot be used: ${reason}`, [], { cause });
}
