import { z } from '@hono/zod-openapi';
import type { ObjectName, StoredObject, VersionHeader } from '../../store.ts';
import { instant, instantOf, kindName } from './schemas.ts';

export const objectName = z.object({
  kind: kindName,
  name: z.string().min(1).max(1000).openapi({ description: 'Percent-encoded, with its slashes: `Firefox%2Frelease`.' }),
});

const body = z
  .unknown()
  .optional()
  .openapi({ description: 'Absent where it is of a release, which may be megabytes.' });

/** An object as lists hold it. */
export const listedObject = z
  .object({ kind: kindName, name: z.string(), version: z.int(), revision: z.int(), body })
  .openapi('ListedObject');

export const wholeObject = z
  .object({
    kind: kindName,
    name: z.string(),
    version: z.int(),
    revision: z.int().openapi({ description: 'The revision that made this version.' }),
    body: z.unknown(),
  })
  .openapi('Object');

export function presentListed({ body, ...object }: StoredObject): z.output<typeof listedObject> {
  return object.kind === 'release' ? object : { ...object, body };
}

const note = { revision: z.int(), at: instant, by: z.string(), reason: z.string(), change: z.int().optional() };

/** Who made a version or a commit, when and why. */
export const versionHeader = z.object({ version: z.int(), ...note, deleted: z.boolean() }).openapi('VersionHeader');

export const wholeVersion = z
  .object({
    kind: kindName,
    name: z.string(),
    version: z.int(),
    ...note,
    deleted: z.boolean(),
    body: z.unknown().optional().openapi({ description: 'Absent where the version deleted the object.' }),
  })
  .openapi('Version');

export const commitHeader = z.object(note).openapi('Commit');

interface Note {
  readonly revision: number;
  readonly atMs: number;
  readonly author: string;
  readonly reason: string;
  readonly change?: number;
}

export function presentNote({ revision, atMs, author, reason, change }: Note): z.output<typeof commitHeader> {
  return { revision, at: instantOf(atMs), by: author, reason, ...(change !== undefined && { change }) };
}

export function presentVersion(header: VersionHeader): z.output<typeof versionHeader> {
  return { version: header.version, ...presentNote(header), deleted: header.deleted };
}

export function presentWhole(
  { kind, name }: ObjectName,
  { body: found, ...header }: VersionHeader & { readonly body: unknown },
): z.output<typeof wholeVersion> {
  return { kind, name, ...presentVersion(header), ...(found !== undefined && { body: found }) };
}
