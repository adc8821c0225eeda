import type { KindName } from '../../kind.ts';

/** The tables that every SQL store has, as Kysely sees them. Names and notes are in the form of `stored-text.ts`. */
export interface Schema {
  commits: {
    revision: number;
    at_ms: number;
    author: string;
    reason: string;
  };
  /** Every version that there ever was. Rows are only added. */
  object_versions: {
    kind: KindName;
    name: string;
    version: number;
    revision: number;
    /** JSON with sorted keys, or null where the object was deleted. */
    body: string | null;
  };
  /** The newest version of every name that there ever was, so that reading the present need not search the past. */
  heads: {
    kind: KindName;
    name: string;
    version: number;
    revision: number;
  };
}
