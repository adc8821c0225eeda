import type { Dictionary } from './model.ts';

/** The value of a key that came from outside: inherited names such as `constructor` are not found. */
export function own<T>(dictionary: Dictionary<T> | undefined, key: string): T | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}
