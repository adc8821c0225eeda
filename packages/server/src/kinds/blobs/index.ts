import type { z } from 'zod';
import { schema1, schema2, schema3, schema4, schema5, schema6, schema8, schema9 } from './app-release.ts';
import { desupport, gmp, guardian, superblob, systemAddons } from './other.ts';

/** Every blob format there is, by its `schema_version`. */
const blobs: ReadonlyMap<unknown, z.ZodType> = new Map<number, z.ZodType>([
  [1, schema1],
  [2, schema2],
  [3, schema3],
  [4, schema4],
  [5, schema5],
  [6, schema6],
  [8, schema8],
  [9, schema9],
  [50, desupport],
  [1000, gmp],
  [4000, superblob],
  [5000, systemAddons],
  [10_000, guardian],
]);

/** Something to say about a blob, and where. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with a blob's structure, and which of its keys nobody reads. */
export interface BlobCheck {
  readonly faults: readonly Finding[];
  readonly unknownKeys: readonly Finding[];
}

export function checkBlob(value: unknown): BlobCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { faults: [{ path: [], message: 'a release blob is a JSON object' }], unknownKeys: [] };
  }
  const version: unknown = Object.hasOwn(value, 'schema_version') ? Reflect.get(value, 'schema_version') : undefined;
  const schema = blobs.get(version);
  if (schema === undefined) {
    const message = `schema_version is one of ${[...blobs.keys()].join(', ')}`;
    return { faults: [{ path: ['schema_version'], message }], unknownKeys: [] };
  }
  const result = schema.safeParse(value);
  const faults = [...unseenFaults(value, [])];
  if (result.success) return { faults, unknownKeys: [] };
  const unknownKeys: Finding[] = [];
  for (const issue of result.error.issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) unknownKeys.push({ path: [...path, key], message: 'nobody reads this key' });
    } else {
      faults.push({ path, message: issue.message });
    }
  }
  return { faults, unknownKeys };
}

/** Nothing that anybody reads lies as deep. */
const deepest = 50;

/** What is wrong where no schema looks: it passes over keys called `__proto__`, and what lies below an unknown key. */
function unseenFaults(value: unknown, path: Finding['path']): readonly Finding[] {
  if (typeof value !== 'object' || value === null) return [];
  if (path.length > deepest) return [{ path, message: `lies more than ${deepest} levels deep` }];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return key === '__proto__' ? [{ path: at, message: 'no key can be called so' }] : unseenFaults(inner, at);
  });
}
