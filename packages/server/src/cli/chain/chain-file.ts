import { type Mistake, Problem } from '../../problem.ts';
import { parseStructured } from '../../structured-text.ts';
import { editMistakes } from '../change/edit-mistakes.ts';
import type { FindObject } from '../change/quick-edits.ts';
import { withVersions } from '../change/with-versions.ts';
import { readText } from '../read-text.ts';

/**
 * Reads a file that says a chain, as YAML or JSON, as the API takes it. An edit without an `expectedVersion` is one against
 * what there is now. What else the fields hold, the server checks.
 * @throws Problem `invalid-object` with every mistake and its place, `unreadable-file`.
 */
export async function readChainFile(file: string, find: FindObject): Promise<Readonly<Record<string, unknown>>> {
  const content = recordOf(parseStructured(await readText(file), 'invalid-object', file));
  const { steps } = content;
  if (steps === undefined) return content;
  const list = Array.isArray(steps) ? steps.map(recordOf) : [];
  const mistakes: readonly Mistake[] =
    list.length < 2
      ? [{ at: `${file}:steps`, message: 'a list of two steps or more' }]
      : list.flatMap(({ edits }, i) => editMistakes(edits, `${file}:steps[${i}].edits`));
  if (mistakes.length > 0) throw new Problem('invalid-object', `${file} is no chain`, mistakes);
  const read = [];
  for (const step of list) read.push({ ...step, edits: await withVersions(step['edits'], find) });
  return { ...content, steps: read };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
