import { parseDocument } from 'yaml';
import type { Edit } from '../app/commit-edits.ts';
import { isKindName } from '../kinds/index.ts';
import { type Mistake, problemOf } from '../problem.ts';

/** The objects of a file that `sluice put` takes. */
export interface ObjectsFile {
  readonly edits: readonly Edit[];
  /** Whether `sluice export` wrote it: what was accepted once is accepted again, doubts and all. */
  readonly exported: boolean;
}

/** What `sluice export` begins its file with. */
export const exportFormat = 'sluice-export/1';

/**
 * Reads one object, a list of them, or an export, as JSON or YAML: each is `{kind, name, …}` with its fields beside.
 *
 * @throws Problem `invalid-object` with every mistake and its place.
 */
export function readObjectsFile(source: string): ObjectsFile {
  const content = parseText(source);
  const exported = isRecord(content) && content['format'] === exportFormat;
  const list = exported ? content['objects'] : Array.isArray(content) ? content : [content];
  if (!Array.isArray(list)) throw problemOf('invalid-object', [{ at: 'objects', message: 'a list of objects' }]);
  const mistakes: Mistake[] = [];
  const edits = list.flatMap((entry: unknown, index) => {
    const at = Array.isArray(content) || exported ? `${exported ? 'objects' : ''}[${index}]` : '';
    const edit = readObject(entry, at);
    if (!('message' in edit)) return [edit];
    mistakes.push(edit);
    return [];
  });
  if (mistakes.length > 0) throw problemOf('invalid-object', mistakes);
  return { edits, exported };
}

function parseText(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Not JSON: YAML, whose parser says where it stumbles.
  }
  const document = parseDocument(source, { prettyErrors: true });
  const mistakes = document.errors.map(({ message, linePos }) => ({
    at: linePos === undefined ? '1:1' : `${linePos[0].line}:${linePos[0].col}`,
    message: message.split(' at line ', 1)[0] ?? message,
  }));
  if (mistakes.length > 0) throw problemOf('invalid-object', mistakes);
  return document.toJS();
}

function readObject(entry: unknown, at: string): Edit | Mistake {
  if (!isRecord(entry)) return { at: at === '' ? '1:1' : at, message: 'an object is a mapping with a kind' };
  const { kind, name, expectedVersion, ...body } = entry;
  const place = at === '' ? '' : at;
  if (typeof kind !== 'string' || !isKindName(kind))
    return { at: `${place}.kind`.replace(/^\./, ''), message: `there is no kind ${String(kind)}` };
  if (name !== undefined && typeof name !== 'string' && typeof name !== 'number') {
    return { at: `${place}.name`.replace(/^\./, ''), message: 'a name is a text' };
  }
  if (expectedVersion !== undefined && !Number.isInteger(expectedVersion)) {
    return { at: `${place}.expectedVersion`.replace(/^\./, ''), message: 'a version is a whole number' };
  }
  return {
    kind,
    body,
    at: place,
    ...(name !== undefined && { name: String(name) }),
    ...(expectedVersion !== undefined && { expectedVersion: Number(expectedVersion) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
