/** A value that can be read without running anything. `unread` stands for one whose mistake has been told. */
export type Literal =
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'integer'; readonly at: number; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'null'; readonly at: number }
  | { readonly kind: 'float' | 'unread'; readonly at: number; readonly text: string }
  | ArrayLiteral;

/** A PHP array: an ordered map. It is the one thing here that grows while it is read. */
export interface ArrayLiteral {
  readonly kind: 'array';
  readonly at: number;
  /** By the text of the key. PHP makes the integer 3 of the key `'3'`, so the text tells all keys apart. */
  readonly entries: Map<string, Entry>;
  /** The key of the next value that is given without one. */
  nextKey: bigint;
}

export interface Entry {
  readonly key: string;
  readonly integerKey: boolean;
  /** Where the key stands, or the value when the key was not written. */
  readonly at: number;
  readonly keyWritten: boolean;
  readonly value: Literal;
}

export interface Key {
  readonly text: string;
  readonly integer: boolean;
  readonly at: number;
}

export function emptyArray(at: number): ArrayLiteral {
  return { kind: 'array', at, entries: new Map(), nextKey: 0n };
}

const decimal = /^(?:0|-?[1-9]\d{0,18})$/;

/**
 * The key that a value makes (https://www.php.net/manual/en/language.types.array.php). Only strings and integers: PHP
 * would also turn 3.6 into 3, true into 1 and null into '', which no version means.
 *
 * @returns what is wrong, where the value makes no key.
 */
export function keyOf(literal: Literal): Key | string {
  const { at } = literal;
  switch (literal.kind) {
    case 'string':
      return { text: literal.value, integer: decimal.test(literal.value), at };
    case 'integer':
      return { text: literal.value.toString(), integer: true, at };
    case 'unread':
      return { text: literal.text, integer: false, at };
    case 'float':
      return 'PHP cuts a fractional key down to an integer (3.6 to 3): write it in quotes';
    default:
      return 'a key must be a string or an integer';
  }
}

/** Puts a value under a key, or under the next free integer. @returns the entry it replaces, which keeps its place. */
export function put(array: ArrayLiteral, key: Key | undefined, value: Literal): Entry | undefined {
  if (key === undefined) {
    const next = array.nextKey.toString();
    array.nextKey += 1n;
    array.entries.set(next, { key: next, integerKey: true, at: value.at, keyWritten: false, value });
    return undefined;
  }
  const replaced = array.entries.get(key.text);
  array.entries.set(key.text, { key: key.text, integerKey: key.integer, at: key.at, keyWritten: true, value });
  if (key.integer && BigInt(key.text) >= array.nextKey) array.nextKey = BigInt(key.text) + 1n;
  return replaced;
}
