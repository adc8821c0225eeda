import type { Migration } from 'kysely';
import { objects } from './0001-objects.ts';
import { versionsByRevision } from './0002-versions-by-revision.ts';
import { changes } from './0003-changes.ts';
import { signalsAndNotices } from './0004-signals-and-notices.ts';

/** Every step from an empty file to the present schema, in the order of the names. A step, once released, never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-objects': objects,
  '0002-versions-by-revision': versionsByRevision,
  '0003-changes': changes,
  '0004-signals-and-notices': signalsAndNotices,
};
