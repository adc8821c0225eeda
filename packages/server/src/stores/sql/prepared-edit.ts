import type { KindName } from '../../kind.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { StoreEdit } from '../../store.ts';
import { fromStoredText, toStoredBody, toStoredText } from './stored-text.ts';

/** An edit in the form of the tables. */
export interface PreparedEdit {
  readonly kind: KindName;
  readonly name: string;
  /** Null to delete. */
  readonly body: string | null;
  readonly expectedVersion: number | undefined;
}

/** What the store holds under a name: its newest version, whose body is null when the object was deleted. */
export interface Current {
  readonly version: number;
  readonly body: string | null;
}

/** One key per object; no kind has a slash in its name. */
export function keyOf({ kind, name }: { readonly kind: KindName; readonly name: string }): string {
  return `${kind}/${name}`;
}

/** @throws Problem `usage` when one object is edited twice: which of the two should hold? */
export function prepareEdits(edits: readonly StoreEdit[]): readonly PreparedEdit[] {
  const prepared = edits.map(({ kind, name, body, expectedVersion }) => ({
    kind,
    name: toStoredText(name),
    body: body === undefined ? null : toStoredBody(body),
    expectedVersion,
  }));
  const seen = new Set<string>();
  const twice = mistakesIn(prepared, (edit) => {
    if (seen.has(keyOf(edit))) return `${title(edit)} is edited twice.`;
    seen.add(keyOf(edit));
    return undefined;
  });
  refuse('usage', twice, edits.length);
  return prepared;
}

/** @throws Problem `version-conflict`, with every edit that was made against another version than the current one. */
export function refuseLate(edits: readonly PreparedEdit[], current: ReadonlyMap<string, Current>): void {
  const late = mistakesIn(edits, (edit) => {
    const now = current.get(keyOf(edit));
    const version = now === undefined || now.body === null ? 0 : now.version;
    if (edit.expectedVersion === undefined || edit.expectedVersion === version) return undefined;
    const made = edit.expectedVersion === 0 ? 'to create it' : `against version ${edit.expectedVersion}`;
    return `${title(edit)} ${version === 0 ? 'does not exist' : `is at version ${version}`}; the edit was made ${made}.`;
  });
  refuse('version-conflict', late, edits.length);
}

/** @throws Problem `object-not-found`, with every deletion of nothing. */
export function refuseMissing(edits: readonly PreparedEdit[], current: ReadonlyMap<string, Current>): void {
  const missing = mistakesIn(edits, (edit) => {
    const exists = (current.get(keyOf(edit))?.body ?? null) !== null;
    return edit.body === null && !exists ? `${title(edit)} does not exist and cannot be deleted.` : undefined;
  });
  refuse('object-not-found', missing, edits.length);
}

function mistakesIn(
  edits: readonly PreparedEdit[],
  complain: (edit: PreparedEdit) => string | undefined,
): readonly Mistake[] {
  return edits.flatMap((edit, i) => {
    const message = complain(edit);
    return message === undefined ? [] : [{ at: `edits[${i}]`, message }];
  });
}

function refuse(
  code: 'usage' | 'version-conflict' | 'object-not-found',
  mistakes: readonly Mistake[],
  total: number,
): void {
  const [first, second] = mistakes;
  if (first === undefined) return;
  const detail =
    second === undefined ? first.message : `${mistakes.length} of ${total} edits are refused, so none was enacted.`;
  throw new Problem(code, detail, mistakes);
}

function title({ kind, name }: PreparedEdit): string {
  return `${kind} ${JSON.stringify(fromStoredText(name))}`;
}
