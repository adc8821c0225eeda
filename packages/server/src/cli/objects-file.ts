import type { Edit } from '../app/prepare-edits.ts';
import { exportFormat } from '../export-format.ts';
import { isKindName } from '../kinds/index.ts';
import { placeOf } from '../place.ts';
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
  if (!isRecord(entry)) return { at: placeOf({ at }, []), message: 'an object is a mapping with a kind' };
  const { kind, name, expectedVersion, ...body } = entry;
  const mistake = (field: string, message: string): Mistake => ({ at: placeOf({ at }, [field]), message });
  if (kind === undefined) return mistake('kind', 'is missing');
  if (typeof kind !== 'string' || !isKindName(kind)) return mistake('kind', `there is no kind ${String(kind)}`);
  if (name !== undefined && typeof name !== 'string' && typeof name !== 'number') {
    return mistake('name', 'a name is a text');
  }
  if (expectedVersion !== undefined && !Number.isInteger(expectedVersion)) {
    return mistake('expectedVersion', 'a version is a whole number');
  }
  return {
    kind,
    body,
    at,
    ...(name !== undefined && { name: String(name) }),
    ...(expectedVersion !== undefined && { expectedVersion: Number(expectedVersion) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
