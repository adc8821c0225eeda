import type { KindName } from '../kind.ts';
import type { After } from './review.ts';

/** What the objects will be, from their bodies by kind and name. */
export function afterOf(objects: Partial<Record<KindName, Readonly<Record<string, unknown>>>> = {}): After {
  return {
    body: (kind, name) => objects[kind]?.[name],
    all: (kind) => Object.entries(objects[kind] ?? {}).map(([name, body]) => ({ name, body })),
  };
}
