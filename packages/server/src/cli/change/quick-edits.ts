import { parseDocument } from 'yaml';
import { diffPatch } from '../../app/changes/merge-patch.ts';
import type { ChangeEdit } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import { isKindName, kindNamed } from '../../kinds/index.ts';
import { Problem } from '../../problem.ts';
import type { ObjectName } from '../../store.ts';
import { readObjectsFile } from '../objects-file.ts';
import { readText } from '../read-text.ts';
import { type PathStep, readPath, withValueAt } from '../set-path.ts';
import type { ServedObject } from '../tree/compare-tree.ts';

/** What a command line says of edits. */
export interface QuickEditOptions {
  readonly set: readonly string[];
  readonly unset: readonly string[];
  readonly put: readonly string[];
  readonly delete: readonly string[];
}

/** Reads an object as it is now; `undefined` where there is none. */
export type FindObject = (object: ObjectName) => Promise<ServedObject | undefined>;

interface Assignment extends ObjectName {
  readonly path: readonly PathStep[];
  readonly value: unknown;
  /** As it was typed. */
  readonly text?: string;
}

/**
 * Makes edits of the options of a command line, against what there is: `--set 'rule 10 share.percent=25'`. All that is said
 * of one object is one edit. A value takes the place of what was there, whatever that was.
 * @throws Problem `usage`, `object-not-found`, `invalid-object`, `unreadable-file`.
 */
export async function quickEdits(options: QuickEditOptions, find: FindObject): Promise<readonly ChangeEdit[]> {
  const assignments = [...options.set.map(readAssignment), ...options.unset.map(readRemoval)];
  const edits: ChangeEdit[] = [];
  for (const file of options.put) edits.push(...(await putsOf(file, find)));
  const byObject = new Map<string, Assignment[]>();
  for (const one of assignments) {
    const key = `${one.kind} ${one.name}`;
    byObject.set(key, [...(byObject.get(key) ?? []), one]);
  }
  for (const [key, [first, ...others]] of byObject) {
    if (first === undefined) continue;
    const { kind, name } = first;
    const object = await find({ kind, name });
    if (object === undefined) throw new Problem('object-not-found', `there is no ${key}`);
    const { version: expectedVersion, body: before } = object;
    const after = assigned(kind, before, [first, ...others]);
    const target = { kind, name, expectedVersion };
    const patch = diffPatch(before, after);
    edits.push(patch === undefined ? { ...target, op: 'put', body: after } : { ...target, op: 'patch', patch });
  }
  for (const text of options.delete) {
    const { kind, name } = readName(text, '--delete');
    const object = await find({ kind, name });
    if (object === undefined) throw new Problem('object-not-found', `there is no ${kind} ${name}`);
    edits.push({ kind, name, expectedVersion: object.version, op: 'delete' });
  }
  return edits;
}

/** What looks like a number is a text where one is wanted: `version=157.0`. */
function assigned(kind: KindName, before: unknown, assignments: readonly Assignment[]): unknown {
  const withAll = (all: readonly Assignment[]): unknown =>
    all.reduce<unknown>((body, { path, value }) => withValueAt(body, path, value), before);
  const after = withAll(assignments);
  const parsed = kindNamed(kind)?.schema.safeParse(after);
  if (parsed?.error === undefined) return after;
  const wantsText = parsed.error.issues
    .filter((issue) => issue.code === 'invalid_type' && issue.expected === 'string')
    .map(({ path }) => JSON.stringify(path));
  return withAll(
    assignments.map((one) =>
      one.text !== undefined && wantsText.includes(JSON.stringify(one.path)) ? { ...one, value: one.text } : one,
    ),
  );
}

/** `KIND NAME PATH=VALUE`; the value is YAML, or else a text. */
function readAssignment(text: string): Assignment {
  const [, object = '', path = '', value = ''] = /^(\S+\s+.*?)\s+([^\s=]+)\s*=([\s\S]*)$/.exec(text) ?? [];
  if (path === '') throw new Problem('usage', `--set takes 'KIND NAME PATH=VALUE', not '${text}'`);
  const typed = value.trim();
  return { ...readName(object, '--set'), path: readPath(path), value: readValue(typed), text: typed };
}

function readRemoval(text: string): Assignment {
  const [, object = '', path = ''] = /^(\S+\s+.*?)\s+(\S+)$/.exec(text) ?? [];
  if (path === '') throw new Problem('usage', `--unset takes 'KIND NAME PATH', not '${text}'`);
  return { ...readName(object, '--unset'), path: readPath(path), value: undefined };
}

function readName(text: string, option: string): { readonly kind: KindName; readonly name: string } {
  const [, kind = '', name = ''] = /^\s*(\S+)\s+(.*?)\s*$/.exec(text) ?? [];
  if (name === '') throw new Problem('usage', `${option} takes 'KIND NAME …', not '${text}'`);
  if (!isKindName(kind)) throw new Problem('usage', `there is no kind ${kind}`);
  return { kind, name };
}

function readValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  // A version glob such as *.5 is YAML for something else, and means itself.
  if (document.errors.length > 0) return text;
  try {
    return document.toJS() as unknown;
  } catch {
    return text;
  }
}

async function putsOf(file: string, find: FindObject): Promise<readonly ChangeEdit[]> {
  const { edits, mistakes } = readObjectsFile(await readText(file));
  const placed = mistakes.map(({ at, message }) => ({ at: `${file}:${at}`, message }));
  if (placed.length > 0) throw new Problem('invalid-object', `${file} has mistakes`, placed);
  return Promise.all(
    edits.map(async ({ kind, name: said, body, at, expectedVersion }) => {
      const name = said ?? nameIn(kind, body);
      if (name === undefined) throw new Problem('invalid-object', `${file}: ${at}: a ${kind} needs a name here`);
      const version = expectedVersion ?? (await find({ kind, name }))?.version ?? 0;
      return { kind, name, expectedVersion: version, op: 'put', body } as const;
    }),
  );
}

/** The name that follows from a body, where it does. */
function nameIn(kind: KindName, body: unknown): string | undefined {
  const known = kindNamed(kind);
  const parsed = known?.schema.safeParse(body);
  return parsed?.success === true ? known?.nameOf?.(parsed.data) : undefined;
}
