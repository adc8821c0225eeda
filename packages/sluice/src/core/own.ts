/** A JSON object whose keys come from outside: read it with `own`. */
export type Dictionary<T> = { readonly [key: string]: T | undefined };

/** The value of a key that came from outside: inherited names such as `constructor` are not found. */
export function own<T>(dictionary: Dictionary<T> | undefined, key: string): T | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}
