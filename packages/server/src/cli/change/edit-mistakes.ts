import { isKindName } from '../../kinds/index.ts';
import type { Mistake } from '../../problem.ts';

const ops = ['put', 'patch', 'delete'];

/** What is wrong with a list of edits as people write them into a file. What the fields hold, the server checks. */
export function editMistakes(list: unknown, at: string): readonly Mistake[] {
  if (!Array.isArray(list) || list.length === 0)
    return [{ at, message: 'a list of edits; sluice put, and sluice change propose --put, take objects' }];
  return list.flatMap((entry: unknown, i) => mistakesOf(entry, `${at}[${i}]`));
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
