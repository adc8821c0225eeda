import type { ChangeEdit } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import { touchedPaths } from './merge-patch.ts';

/** The parts of an object that an edit alters, as JSON Pointers; `''` is all of it. */
export function alteredBy(edit: ChangeEdit): readonly string[] {
  return edit.op === 'patch' ? wholeParts(edit.kind, touchedPaths(edit.patch)) : [''];
}

/** A share is one thing: half of one and half of another is none. */
export function wholeParts(kind: KindName, paths: readonly string[]): readonly string[] {
  return kind === 'rule' ? paths.map((path) => (path.startsWith('/share/') ? '/share' : path)) : paths;
}
