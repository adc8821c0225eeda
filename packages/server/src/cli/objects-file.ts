import type { Edit } from '../app/commit-edits.ts';
import { isKindName } from '../kinds/index.ts';
import { type Mistake, problemOf } from '../problem.ts';
import { parseStructured } from '../structured-text.ts';

/** The objects of a file that `sluice put` takes. */
export interface ObjectsFile {
  readonly edits: readonly Edit[];
  /** What is wrong with entries that are no edits, to be told together with what is wrong with the others. */
  readonly mistakes: readonly Mistake[];
  /** Whether `sluice export` wrote it: what was accepted once is accepted again, doubts and all. */
  readonly exported: boolean;
}

/** What `sluice export` begins its file with. */
export const exportFormat = 'sluice-export/1';

/**
 * Reads one object, a list of them, or an export, as JSON or YAML: each is `{kind, name, …}` with its fields beside.
 *
 * @throws Problem `invalid-object` for a text that cannot be read at all.
 */
export function readObjectsFile(source: string): ObjectsFile {
  const content = parseStructured(source, 'invalid-object');
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
  return { edits, mistakes, exported };
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
