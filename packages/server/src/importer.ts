import type { Condition } from 'sluice';
import type { KindName } from './kind.ts';
import type { Mistake } from './problem.ts';

/** An object as an importer found it, with its place in the file. */
export interface ImportedObject {
  readonly kind: KindName;
  /** Absent where the name follows from the body. */
  readonly name?: string;
  readonly body: unknown;
  /** Where it stands in the file: `rules[3]` or `12:5`. */
  readonly at: string;
  /** Where a field of the body stands under another name in the file: `share` as `backgroundRate`. */
  readonly fieldNames?: Readonly<Record<string, string>>;
}

/** One object's part in a change that waits. Its body is the whole object, or `undefined` to delete it. */
export interface ImportedEdit extends ImportedObject {
  /** Whether the object is there before; otherwise it must not be. */
  readonly isThere: boolean;
}

/** A change that waits, as an importer found it. */
export interface ImportedChange {
  readonly edits: readonly ImportedEdit[];
  readonly condition: Condition;
  readonly reason: string;
  /** Where it stands in the file. */
  readonly at: string;
}

/** What a file holds, in our objects. `carries` are the kinds that it speaks for, also when it has none of them. */
export interface Import {
  readonly carries: readonly KindName[];
  readonly objects: readonly ImportedObject[];
  /** What is to be proposed once the objects are written. */
  readonly changes?: readonly ImportedChange[];
  readonly warnings: readonly Mistake[];
  /** What is wrong with the file; nothing is written while there is any, but the rest is checked all the same. */
  readonly mistakes?: readonly Mistake[];
}

/** Reads one foreign format. Pure: text in, objects out. */
export interface Importer {
  readonly name: string;
  readonly summary: string;
  /** @throws Problem `invalid-import`, with every mistake and its place, for a file that cannot be read at all. */
  read(text: string): Import;
}
