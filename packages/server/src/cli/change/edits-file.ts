import type { Condition } from 'sluice';
import type { ChangeEdit } from '../../change.ts';
import { type Mistake, Problem } from '../../problem.ts';
import { parseStructured } from '../../structured-text.ts';
import { readText } from '../read-text.ts';
import { editMistakes } from './edit-mistakes.ts';
import type { FindObject } from './quick-edits.ts';
import { withVersions } from './with-versions.ts';

/** What a file says of a change. */
export interface EditsFile {
  readonly edits: readonly ChangeEdit[];
  readonly reason?: string;
  readonly condition?: Condition;
  readonly priority?: number;
  readonly acceptsDoubts?: true;
}

const fields = ['reason', 'condition', 'priority', 'acceptsDoubts', 'edits'];

/**
 * Reads a file of edits, as YAML or JSON: a list of them, or a mapping as the API takes it. An edit without an
 * `expectedVersion` is one against what there is now. What the fields hold, the server checks.
 * @throws Problem `invalid-object` with every mistake and its place, `unreadable-file`.
 */
export async function readEditsFile(file: string, find: FindObject): Promise<EditsFile> {
  const content = parseStructured(await readText(file), 'invalid-object', file);
  const { edits: list, ...head } = Array.isArray(content) ? { edits: content as unknown } : recordOf(content);
  const mistakes: Mistake[] = Object.keys(head)
    .filter((key) => !fields.includes(key))
    .map((key) => ({ at: `${file}:${key}`, message: 'there is no such field' }));
  mistakes.push(...editMistakes(list, `${file}:edits`));
  if (mistakes.length > 0) throw new Problem('invalid-object', `${file} is no file of edits`, mistakes);
  return { ...(head as Omit<EditsFile, 'edits'>), edits: await withVersions(list, find) };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
