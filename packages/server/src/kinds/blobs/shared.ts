import { z } from 'zod';

/** A whole number, or its digits: exports hold both. */
export const digits = z.union(
  [z.int().min(0), z.string().regex(/^[0-9]*$/)],
  'a whole number, or its digits as a text',
);

/** A text that stands in an attribute without need of escaping. */
export const plain = z.string().regex(/^[^"<>&]*$/, 'none of " < > &');

export const hashFunction = z.string().regex(/^[Ss][Hh][Aa](?:256|384|512)$/, 'sha256, sha384 or sha512');

/** What every blob begins with. Some exports repeat the product. */
export function heading<V extends number>(...versions: readonly [V, ...V[]]) {
  return {
    name: z.string().min(1).max(200),
    product: z.string().optional(),
    schema_version: z.literal([...versions]),
  };
}
