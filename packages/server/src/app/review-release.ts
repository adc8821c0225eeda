import {
  type AppBlob,
  type Blob,
  compile,
  emptyConfiguration,
  type FileHost,
  isAllowedUrl,
  type Snapshot,
  type UpdateLineGroup,
} from 'sluice';
import { fileUrls } from '../kinds/blobs/file-urls.ts';
import { checkBlob } from '../kinds/blobs/index.ts';
import { updateLineConflicts } from '../kinds/blobs/update-line-conflicts.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import type { After, ReviewFinding } from './review.ts';

/** What a person should know about a release: foreign file hosts, keys that nobody reads, contradictions. */
export function reviewRelease(name: string, { product, blob }: ReleaseBody, after: After): readonly ReviewFinding[] {
  return [
    ...nameFindings(name, blob),
    ...checkBlob(blob).unknownKeys.map(({ path, message }) => doubt(path, message)),
    ...hostFindings(product, blob, after),
    ...hashFindings(blob),
    ...conflictFindings(blob),
  ];
}

function doubt(path: readonly (string | number)[], message: string): ReviewFinding {
  return { path: ['blob', ...path], message, code: 'invalid-object' };
}

function nameFindings(name: string, blob: Blob): readonly ReviewFinding[] {
  return blob.name === name ? [] : [doubt(['name'], `the blob is called ${blob.name}, the release ${name}`)];
}

function hostFindings(product: string, blob: Blob, after: After): readonly ReviewFinding[] {
  const fileHosts = fileHostsOf(after);
  return fileUrls(blob)
    .filter(({ url }) => !isAllowedUrl(fileHosts, url, product))
    .map(({ path, url }) => ({
      path: ['blob', ...path],
      message: `${product} may not have files from ${url}`,
      code: 'file-host-not-allowed',
    }));
}

const compiledHosts = new WeakMap<After, Snapshot['fileHosts']>();

/** Compiled once for all releases of a review. */
function fileHostsOf(after: After): Snapshot['fileHosts'] {
  const known = compiledHosts.get(after);
  if (known !== undefined) return known;
  const hosts = after.all('file-host').map(({ body }) => ({ version: 1, value: body as FileHost }));
  const { fileHosts } = compile({ ...emptyConfiguration, fileHosts: hosts });
  compiledHosts.set(after, fileHosts);
  return fileHosts;
}

const hashLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Media plugins are not signed in any other way, so the length of their hash is looked at. */
function hashFindings(blob: Blob): readonly ReviewFinding[] {
  if (blob.schema_version !== 1000) return [];
  const length = hashLengths[blob.hashFunction.toLowerCase()];
  return Object.entries(blob.vendors).flatMap(([vendor, addon]) =>
    Object.entries(addon?.platforms ?? {}).flatMap(([platform, file]) => {
      if (file?.hashValue === undefined || file.hashValue.length === length) return [];
      const path = ['vendors', vendor, 'platforms', platform, 'hashValue'];
      return [doubt(path, `a ${blob.hashFunction} has ${length} characters, this one ${file.hashValue.length}`)];
    }),
  );
}

function conflictFindings(blob: Blob): readonly ReviewFinding[] {
  const { updateLine } = blob as AppBlob;
  if (blob.schema_version !== 9 || !Array.isArray(updateLine)) return [];
  return updateLineConflicts(updateLine as readonly UpdateLineGroup[]).map(({ first, second, fields }) =>
    doubt(['updateLine', second], `says ${fields.join(', ')} for requests that group ${first} covers too`),
  );
}
