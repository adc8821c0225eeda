import type { Kind, KindName } from '../kind.ts';
import { kindNamed } from '../kinds/index.ts';
import { mostLevels, nestsWithin } from '../nests-within.ts';
import { mistakesOf } from '../place.ts';
import { type Mistake, type ProblemCode, problemOf } from '../problem.ts';
import type { StoredObject, StoreEdit } from '../store.ts';
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

export interface PrepareOptions {
  /** Makes a salt from a secure random source. */
  readonly makeSalt: () => string;
  /** Whether content of doubtful use (a foreign file host, a condition that nothing meets) is refused or reported. */
  readonly doubts: 'refuse' | 'accept';
  /** The code of the problem that lists what is wrong. */
  readonly code: Extract<ProblemCode, 'invalid-object' | 'invalid-import'>;
  /** What was found wrong before, to be told together with what is found here. */
  readonly mistakes?: readonly Mistake[];
}

/** What a set of edits comes to against what the store holds now. */
export interface PreparedEdits {
  readonly edits: readonly StoreEdit[];
  readonly warnings: readonly Mistake[];
}

/**
 * Checks edits by themselves, before there is a store to check them against, so that a file full of mistakes makes none.
 *
 * @throws Problem with every mistake and its place.
 */
export function checkEdits(
  edits: readonly Edit[],
  { code, mistakes = [] }: Pick<PrepareOptions, 'code' | 'mistakes'>,
): void {
  const all = [...mistakes, ...mistakesIn(edits)];
  if (all.length > 0) throw problemOf(code, all);
}

/** What is wrong with edits by themselves, each with its place. */
export function mistakesIn(edits: readonly Edit[]): readonly Mistake[] {
  return prepareEach(edits, new Map(), () => '0'.repeat(16)).mistakes;
}

/**
 * Checks edits against the living objects, and gives salts to what needs one. What is prepared stands in the order of the
 * edits, and behind it what is cleared.
 *
 * @throws Problem with every mistake and its place.
 */
export function prepareEdits(
  current: readonly StoredObject[],
  edits: readonly Edit[],
  options: PrepareOptions,
  cleared: readonly StoredObject[] = [],
): PreparedEdits {
  const before = new Map(current.map((object) => [keyOf(object.kind, object.name), object]));
  const { written, places, mistakes } = prepareEach(edits, before, options.makeSalt);
  const all = [...(options.mistakes ?? []), ...mistakes];
  if (all.length > 0) throw problemOf(options.code, all);
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

function prepareEach(edits: readonly Edit[], before: ReadonlyMap<string, StoredObject>, makeSalt: () => string) {
  const mistakes: Mistake[] = [];
  const places = new Map<string, Edit>();
  const written = edits.flatMap((edit) => {
    const one = prepareEdit(edit, before, makeSalt, mistakes);
    if (one === undefined) return [];
    const key = keyOf(one.kind, one.name);
    const twin = places.get(key);
    if (twin !== undefined) mistakes.push({ at: edit.at, message: `${one.kind} ${one.name} stands at ${twin.at} too` });
    places.set(key, edit);
    return [one];
  });
  return { written, places, mistakes };
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
  const parsed = parsedBody(kind, edit.body);
  if (parsed === 'too deep') {
    mistakes.push({ at: edit.at, message: `lists and mappings may lie ${mostLevels} deep within each other at most` });
    return undefined;
  }
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

const parsedBodies = new WeakMap<object, { readonly kind: Kind; readonly parsed: ReturnType<typeof parseBody> }>();

/** What was checked before a transaction began is not checked in it again: a thousand releases take seconds. */
function parsedBody(kind: Kind, body: unknown): ReturnType<typeof parseBody> {
  if (typeof body !== 'object' || body === null) return parseBody(kind, body);
  const known = parsedBodies.get(body);
  if (known?.kind === kind) return known.parsed;
  const parsed = parseBody(kind, body);
  parsedBodies.set(body, { kind, parsed });
  return parsed;
}

function parseBody(kind: Kind, body: unknown) {
  return nestsWithin(body) ? kind.schema.safeParse(body) : 'too deep';
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
