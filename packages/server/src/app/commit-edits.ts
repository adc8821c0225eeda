import type { KindName } from '../kind.ts';
import { kindNamed } from '../kinds/index.ts';
import { mistakesOf } from '../place.ts';
import { type Mistake, Problem, type ProblemCode, problemOf } from '../problem.ts';
import type { CommitNote, Store, StoredObject, StoreEdit } from '../store.ts';
import { reviewEdits } from './review-edits.ts';

/** One object's part in a set of edits, as people or importers write it. */
export interface Edit {
  readonly kind: KindName;
  /** May be absent where the name follows from the body. */
  readonly name?: string;
  /** The new content; `undefined` deletes the object. */
  readonly body: unknown;
  readonly expectedVersion?: number;
  /** Where the edit comes from, for messages: `rules[3]`. */
  readonly at: string;
  /** Names under which the file knows fields of the body. */
  readonly fieldNames?: Readonly<Record<string, string>>;
}

export interface CommitOptions extends CommitNote {
  /** Makes a salt from a secure random source. */
  readonly makeSalt: () => string;
  /** Whether content of doubtful use (a foreign file host, a condition that nothing meets) is refused or reported. */
  readonly doubts: 'refuse' | 'accept';
  /** The code of the problem that lists what is wrong. */
  readonly code: Extract<ProblemCode, 'invalid-object' | 'invalid-import'>;
  /** What was found wrong before, to be told together with what is found here. */
  readonly mistakes?: readonly Mistake[];
  /** Which living objects go, unless an edit writes them. */
  readonly clears?: (current: readonly StoredObject[]) => Promise<readonly StoredObject[]>;
}

export interface Committed {
  readonly revision: number;
  /** Whether there was anything to write: what is as it was makes no revision. */
  readonly changed: boolean;
  readonly warnings: readonly Mistake[];
}

/** What a set of edits comes to against what the store holds now. */
export interface PreparedEdits {
  readonly edits: readonly StoreEdit[];
  readonly warnings: readonly Mistake[];
}

const attempts = 5;

/**
 * The one way to write: checks every edit, gives salts to what needs one, and enacts all edits or none.
 *
 * @throws Problem with every mistake and its place; `version-conflict` when someone else was first.
 */
export async function commitEdits(store: Store, edits: readonly Edit[], options: CommitOptions): Promise<Committed> {
  for (let attempt = 1; ; attempt += 1) {
    const { revision: before, objects: current } = await store.load(needsReleases(edits, options) ? [] : ['release']);
    const cleared = (await options.clears?.(current)) ?? [];
    const prepared = prepareEdits(current, edits, options, cleared);
    try {
      const revision = await store.commit(prepared.edits, options);
      return { revision, changed: revision !== before, warnings: prepared.warnings };
    } catch (error) {
      // A salt was taken from a version that has changed since: look again, unless the caller named the version.
      const late = error instanceof Problem && error.code === 'version-conflict';
      const named = edits.some(({ expectedVersion }) => expectedVersion !== undefined);
      if (!late || named || attempt === attempts) throw error;
    }
  }
}

/** Only what becomes of superblobs when a release goes is written in releases, and all of them may be a lot to read. */
function needsReleases(edits: readonly Edit[], { clears }: Pick<CommitOptions, 'clears'>): boolean {
  return clears !== undefined || edits.some(({ kind, body }) => kind === 'release' && body === undefined);
}

/**
 * Checks edits by themselves, before there is a store to check them against, so that a file full of mistakes makes none.
 *
 * @throws Problem with every mistake and its place.
 */
export function checkEdits(edits: readonly Edit[], options: Pick<CommitOptions, 'code' | 'mistakes'>): void {
  prepareEdits([], edits, { ...options, doubts: 'accept', makeSalt: () => '0'.repeat(16) });
}

/** Checks edits against the living objects, without writing. @throws Problem with every mistake and its place. */
export function prepareEdits(
  current: readonly StoredObject[],
  edits: readonly Edit[],
  options: Pick<CommitOptions, 'makeSalt' | 'doubts' | 'code' | 'mistakes'>,
  cleared: readonly StoredObject[] = [],
): PreparedEdits {
  const before = new Map(current.map((object) => [keyOf(object.kind, object.name), object]));
  const mistakes: Mistake[] = [...(options.mistakes ?? [])];
  const places = new Map<string, Edit>();
  const written = edits.flatMap((edit) => {
    const one = prepareEdit(edit, before, options.makeSalt, mistakes);
    if (one === undefined) return [];
    const key = keyOf(one.kind, one.name);
    const twin = places.get(key);
    if (twin !== undefined) mistakes.push({ at: edit.at, message: `${one.kind} ${one.name} stands at ${twin.at} too` });
    places.set(key, edit);
    return [one];
  });
  if (mistakes.length > 0) throw problemOf(options.code, mistakes);
  const prepared = [...written, ...deletions(cleared.filter(({ kind, name }) => !places.has(keyOf(kind, name))))];
  const { doubts, notes } = reviewEdits(current, prepared, (kind, name) => places.get(keyOf(kind, name)));
  if (doubts.length > 0 && options.doubts === 'refuse') {
    const [first] = doubts;
    throw problemOf(
      first !== undefined && doubts.every(({ code }) => code === first.code) ? first.code : options.code,
      doubts,
    );
  }
  return { edits: prepared, warnings: [...doubts, ...notes] };
}

function deletions(objects: readonly StoredObject[]): readonly StoreEdit[] {
  return objects.map(({ kind, name, version }) => ({ kind, name, body: undefined, expectedVersion: version }));
}

function prepareEdit(
  edit: Edit,
  before: ReadonlyMap<string, StoredObject>,
  makeSalt: () => string,
  mistakes: Mistake[],
): StoreEdit | undefined {
  const kind = kindNamed(edit.kind);
  if (kind === undefined) {
    mistakes.push({ at: edit.at, message: `there is no kind ${edit.kind}` });
    return undefined;
  }
  const expected = edit.expectedVersion === undefined ? {} : { expectedVersion: edit.expectedVersion };
  if (edit.body === undefined) return { kind: edit.kind, name: edit.name ?? '', body: undefined, ...expected };
  const parsed = kind.schema.safeParse(edit.body);
  if (!parsed.success) {
    mistakes.push(...mistakesOf(parsed.error, edit));
    return undefined;
  }
  const name = kind.nameOf?.(parsed.data) ?? edit.name ?? '';
  const wrongName = nameMistake(edit, name, kind.namePattern, kind.nameRule);
  if (wrongName !== undefined) {
    mistakes.push({ at: edit.at, message: wrongName });
    return undefined;
  }
  if (!kind.salted || hasSalt(parsed.data)) return { kind: edit.kind, name, body: parsed.data, ...expected };
  const existing = before.get(keyOf(edit.kind, name));
  const salt = existing !== undefined && hasSalt(existing.body) ? existing.body.salt : makeSalt();
  return {
    kind: edit.kind,
    name,
    body: { ...(parsed.data as object), salt },
    expectedVersion: edit.expectedVersion ?? existing?.version ?? 0,
  };
}

function nameMistake(
  edit: Edit,
  name: string,
  pattern: RegExp | undefined,
  rule: string | undefined,
): string | undefined {
  if (name === '') return `a ${edit.kind} needs a name`;
  if (name.length > 1000) return 'a name has 1000 characters at most';
  if (edit.name !== undefined && edit.name !== name) return `is called ${edit.name}, but its content says ${name}`;
  if (pattern !== undefined && !pattern.test(name)) return rule ?? `${name} is no name for a ${edit.kind}`;
  return undefined;
}

function hasSalt(body: unknown): body is { readonly salt: string } {
  return typeof body === 'object' && body !== null && 'salt' in body && typeof body.salt === 'string';
}

export function keyOf(kind: KindName, name: string): string {
  return `${kind}\0${name}`;
}
