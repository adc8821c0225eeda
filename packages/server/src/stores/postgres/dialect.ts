import { PostgresAdapter, PostgresDialect } from 'kysely';

/** Kysely's PostgreSQL, whose migrations take no lock: they run in a write transaction of ours, which has the writers' one. */
export class Dialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new Adapter();
  }
}

class Adapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}
