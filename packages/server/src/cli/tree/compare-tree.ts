import { isDeepStrictEqual } from 'node:util';
import { diffPatch } from '../../app/changes/merge-patch.ts';
import type { ChangeEdit } from '../../change.ts';
import { kindNamed } from '../../kinds/index.ts';
import type { ObjectName } from '../../store.ts';
import type { ObjectDifference } from '../difference-lines.ts';
import type { Tree } from './read-tree.ts';

/** An object as a server has it. */
export interface ServedObject extends ObjectName {
  readonly version: number;
  readonly body: unknown;
}

/** What would have to be done to a server so that it has what a folder says. */
export interface TreeComparison {
  readonly edits: readonly ChangeEdit[];
  /** The same for people, in the same order. */
  readonly differences: readonly ObjectDifference[];
  /** Objects without a file that stay, each with the reason. */
  readonly stays: readonly (ObjectName & { readonly why: string })[];
}

/**
 * Compares the files of a folder with what a server has. An object without a file is deleted where its kind has a folder
 * with any object in it; with `prune` an empty folder will do. An emergency stop is never lifted so.
 */
export function compareTree(
  { objects, managed }: Pick<Tree, 'objects' | 'managed'>,
  served: readonly ServedObject[],
  { prune }: { readonly prune: boolean },
): TreeComparison {
  const edits: ChangeEdit[] = [];
  const differences: ObjectDifference[] = [];
  const stays: (ObjectName & { why: string })[] = [];
  const current = new Map(served.map((object) => [keyOf(object), object]));
  for (const { kind, name, body } of objects) {
    const before = current.get(keyOf({ kind, name }));
    const after = before === undefined ? body : withSalt(kind, before.body, body);
    if (before !== undefined && isDeepStrictEqual(before.body, after)) continue;
    const target = { kind, name, expectedVersion: before?.version ?? 0 };
    const patch = before === undefined ? undefined : diffPatch(before.body, after);
    edits.push(patch === undefined ? { ...target, op: 'put', body: after } : { ...target, op: 'patch', patch });
    differences.push({ kind, name, before: before?.body, after });
  }
  const wanted = new Set(objects.map(keyOf));
  for (const { kind, name, version, body } of served) {
    if (wanted.has(keyOf({ kind, name })) || !managed.has(kind)) continue;
    const isEmpty = !objects.some((object) => object.kind === kind);
    if (kind === 'emergency-stop') stays.push({ kind, name, why: 'a stop is lifted by hand only' });
    else if (isEmpty && !prune)
      stays.push({ kind, name, why: `${kind}/ holds no object; --prune deletes all the same` });
    else {
      edits.push({ kind, name, expectedVersion: version, op: 'delete' });
      differences.push({ kind, name, before: body });
    }
  }
  return { edits, differences, stays };
}

/** A file need not repeat a salt. */
function withSalt(kind: string, before: unknown, after: unknown): unknown {
  if (kindNamed(kind)?.salted !== true || !isRecord(before) || !isRecord(after)) return after;
  return 'salt' in after || !('salt' in before) ? after : { ...after, salt: before['salt'] };
}

function keyOf({ kind, name }: ObjectName): string {
  return `${kind}/${name}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
