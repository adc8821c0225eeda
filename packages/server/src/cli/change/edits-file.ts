import type { Condition } from 'sluice';
import type { ChangeEdit } from '../../change.ts';
import { isKindName } from '../../kinds/index.ts';
import { type Mistake, Problem } from '../../problem.ts';
import { parseStructured } from '../../structured-text.ts';
import { readText } from '../read-text.ts';
import type { FindObject } from './quick-edits.ts';

/** What a file says of a change. */
export interface EditsFile {
  readonly edits: readonly ChangeEdit[];
  readonly reason?: string;
  readonly condition?: Condition;
  readonly priority?: number;
  readonly acceptsDoubts?: true;
}

const fields = ['reason', 'condition', 'priority', 'acceptsDoubts', 'edits'];
const ops = ['put', 'patch', 'delete'];

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
  if (!Array.isArray(list) || list.length === 0)
    mistakes.push({ at: `${file}:edits`, message: 'a list of edits; sluice put, and --put here, take objects' });
  else mistakes.push(...list.flatMap((entry: unknown, i) => mistakesOf(entry, `${file}:edits[${i}]`)));
  if (mistakes.length > 0) throw new Problem('invalid-object', `${file} is no file of edits`, mistakes);
  const edits: ChangeEdit[] = [];
  for (const entry of list as readonly (ChangeEdit & { readonly expectedVersion?: number })[]) {
    const name = String(entry.name);
    const expectedVersion = entry.expectedVersion ?? (await find({ kind: entry.kind, name }))?.version ?? 0;
    edits.push({ ...entry, name, expectedVersion });
  }
  return { ...(head as Omit<EditsFile, 'edits'>), edits };
}

function mistakesOf(entry: unknown, at: string): readonly Mistake[] {
  const { op, kind, name, expectedVersion } = recordOf(entry);
  const wrong = (field: string, message: string, isWrong: boolean): readonly Mistake[] =>
    isWrong ? [{ at: `${at}.${field}`, message }] : [];
  return [
    ...wrong('op', `one of ${ops.join(', ')}`, typeof op !== 'string' || !ops.includes(op)),
    ...wrong('kind', `there is no kind ${String(kind)}`, typeof kind !== 'string' || !isKindName(kind)),
    ...wrong('name', 'a name is a text', typeof name !== 'string' && typeof name !== 'number'),
    ...wrong(
      'expectedVersion',
      'a version is a whole number',
      expectedVersion !== undefined && !Number.isInteger(expectedVersion),
    ),
  ];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
