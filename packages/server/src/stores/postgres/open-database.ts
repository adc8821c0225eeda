import type { Kysely } from 'kysely';
import type { ClientConfig } from 'pg';
import type { Schema } from '../sql/schema.ts';

/** A database that can be reached and has its tables. */
export interface OpenDatabase {
  /** Where it is, for messages. */
  readonly place: string;
  /** What a connection beside the pool is made with. */
  readonly settings: ClientConfig;
  readonly db: Kysely<Schema>;
  /** How long a call tries to reach the database, and waits for a lock, in milliseconds. */
  readonly patienceMs: number;
  /** How long a connection may be silent while an answer is awaited, in milliseconds. */
  readonly silenceMs: number;
  /** From 0 up to 1, at random: nodes that lost the database together must not all come back together. */
  readonly draw: () => number;
}
