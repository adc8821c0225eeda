import type { Blob } from 'sluice';
import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { checkBlob } from './blobs/index.ts';
import { text } from './fields.ts';

const blob = z.unknown().transform((value, context) => {
  for (const { path, message } of checkBlob(value).faults)
    context.addIssue({ code: 'custom', path: [...path], message });
  return value as Blob;
});

const schema = z.strictObject({ product: text(100), blob });

export interface ReleaseBody {
  readonly product: string;
  readonly blob: Blob;
}

/** Something to be served, in one of Balrog's blob formats. */
export const release: Kind<'release', ReleaseBody> = {
  name: 'release',
  summary: 'something to be served: versions, builds per platform and locale, files, sizes and hashes',
  schema,
  salted: false,
  served: true,
  reachOf: ({ product }) => [{ product }],
};
