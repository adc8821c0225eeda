import type { Migration } from 'kysely';
import { objects } from './0001-objects.ts';
import { changes } from './0002-changes.ts';
import { signalsAndNotices } from './0003-signals-and-notices.ts';

/** Every step from an empty database to the present schema, in their order. A step, once released, never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-objects': objects,
  '0002-changes': changes,
  '0003-signals-and-notices': signalsAndNotices,
};
