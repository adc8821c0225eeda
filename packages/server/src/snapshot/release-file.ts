import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AppBlob, AppLocale, AppPlatform, Blob, Release, ReleasePart } from 'sluice';
import { own, resolvedPlatform } from 'sluice';
import type { ReleaseBody } from '../kinds/release.ts';

/**
 * A release as a file, named after the SHA-256 of its bytes. The first line is JSON: the release, with the place of each
 * locale's block (`[offset, length, checksum]`, in bytes after that line) instead of the block. The blocks, JSON too,
 * follow each other. So one client's part of a release of a thousand builds is read, and checked, without the others.
 */
export interface ReleaseFile {
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** The checksum is the block's CRC-32, as a signed integer because those take no memory of their own. */
type Place = readonly [offset: number, length: number, checksum: number];

/** What is kept in memory of a release whose file was looked at. */
export interface ReleaseHead {
  readonly product: string;
  /** Without its locales' blocks. */
  readonly blob: Blob;
  /** Where the blocks are, by platform and locale; `undefined` for a release that has none. */
  readonly places: Readonly<Record<string, Readonly<Record<string, Place>>>> | undefined;
  /** Where the first block begins in the file. */
  readonly start: number;
}

/** Writes a release in the form of its file. */
export function encodeReleaseFile({ product, blob }: ReleaseBody): ReleaseFile {
  const blocks: Buffer[] = [];
  let end = 0;
  const placeOf = (block: unknown): Place => {
    const bytes = Buffer.from(JSON.stringify(block));
    blocks.push(bytes);
    end += bytes.length;
    return [end - bytes.length, bytes.length, checksumOf(bytes)];
  };
  const { platforms } = blob as AppBlob;
  const places = isApplication(blob) && platforms !== undefined ? placesIn(platforms, placeOf) : undefined;
  const head = { product, blob: places === undefined ? blob : withoutLocales(blob as AppBlob), places };
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...blocks]);
  return { sha256: digestOf(bytes), bytes };
}

/** The name of a file with these bytes. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads the first line of a file whose bytes have the right digest. */
export function decodeReleaseHead(bytes: Buffer): ReleaseHead {
  const end = bytes.indexOf(0x0a);
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Omit<ReleaseHead, 'start'>;
  return { ...head, places: head.places, start: end + 1 };
}

/**
 * A release as far as one client needs it; `readBlock` reads bytes of its file, counted from the beginning.
 * @throws RangeError when a block is not what was written; whatever `readBlock` throws.
 */
export function partOf(
  name: string,
  { product, blob, places, start }: ReleaseHead,
  { platforms, locale }: ReleasePart,
  readBlock: (offset: number, length: number) => Buffer,
): Release {
  if (places === undefined) return { name, product, blob };
  const whole = blob as AppBlob;
  const entries: [string, AppPlatform][] = [];
  for (const platform of new Set(platforms.map((alias) => resolvedPlatform(whole, alias)))) {
    const entry = own(whole.platforms, platform);
    const ofPlatform = own(places, platform);
    if (entry === undefined || ofPlatform === undefined) continue;
    const place = own(ofPlatform, locale);
    const block = place && blockIn(readBlock(start + place[0], place[1]), place);
    entries.push([platform, { ...entry, locales: block === undefined ? {} : Object.fromEntries([[locale, block]]) }]);
  }
  // Entries, because an assignment would lose a platform called `__proto__`.
  const found = { ...whole.platforms, ...Object.fromEntries(entries) };
  return { name, product, blob: { ...whole, platforms: found } };
}

/** The whole release that was written to a file. */
export function decodeReleaseFile(bytes: Buffer): ReleaseBody {
  const { product, blob, places, start } = decodeReleaseHead(bytes);
  if (places === undefined) return { product, blob };
  const blockAt = ([offset, length]: Place): unknown =>
    JSON.parse(bytes.toString('utf8', start + offset, start + offset + length));
  const withLocales = Object.entries((blob as AppBlob).platforms ?? {}).map(([name, entry]) => {
    const ofPlatform = own(places, name);
    return [name, ofPlatform === undefined ? entry : { ...entry, locales: mapValues(ofPlatform, blockAt) }] as const;
  });
  return { product, blob: { ...(blob as AppBlob), platforms: Object.fromEntries(withLocales) } as Blob };
}

function blockIn(bytes: Buffer, [offset, , checksum]: Place): AppLocale {
  if (checksumOf(bytes) !== checksum) throw new RangeError(`the block at ${offset} is not what was written`);
  return JSON.parse(bytes.toString()) as AppLocale;
}

function checksumOf(bytes: Buffer): number {
  return crc32(bytes) | 0;
}

function isApplication({ schema_version }: Blob): boolean {
  return schema_version < 50;
}

function placesIn(platforms: NonNullable<AppBlob['platforms']>, placeOf: (block: unknown) => Place) {
  const listed = Object.entries(platforms).flatMap(([name, entry]) =>
    entry?.locales === undefined ? [] : [[name, mapValues(entry.locales, placeOf)] as const],
  );
  return Object.fromEntries(listed);
}

function withoutLocales(blob: AppBlob): AppBlob {
  const bare = mapValues(blob.platforms ?? {}, (entry) => {
    const { locales: _, ...rest } = entry as AppPlatform;
    return rest;
  });
  return { ...blob, platforms: bare };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
