import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Store } from '../store.ts';
import { openPostgresStore } from './postgres/open-postgres-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

/** Every store of this build, by the scheme of its address. */
const stores = new Map<string, (address: string, options: OpenOptions) => Promise<Store>>([
  ['sqlite', (address, options) => openSqliteStore(sqlitePath(address), options)],
  ['postgres', openPostgresStore],
  ['postgresql', openPostgresStore],
]);

/** Where a node keeps its configuration. */
export interface StoreLocation {
  /** The data folder; its `sluice.db` is the database when there is no address. */
  readonly data: string;
  /** `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly databaseUrl?: string | undefined;
}

export interface OpenOptions {
  /** Whether a database that is not there is refused instead of made. */
  readonly mustExist?: boolean;
}

/**
 * Opens the store of a node, and makes an empty one where there is none.
 * @throws Problem `store-unavailable`, `store-corrupt`, `store-busy`.
 */
export async function openStore({ data, databaseUrl }: StoreLocation, options: OpenOptions = {}): Promise<Store> {
  const address = databaseUrl ?? `sqlite:${join(data, 'sluice.db')}`;
  // Complaints repeat the scheme and nothing more: an address may hold a password.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw new Problem('store-unavailable', 'The database address must start with a scheme, as in sqlite:PATH.');
  }
  const open = stores.get(scheme);
  if (open === undefined) {
    const known = [...stores.keys()].map((name) => `${name}:`).join(', ');
    throw new Problem('store-unavailable', `This build has no store for ${scheme}: addresses; it has ${known}.`);
  }
  return open(address, options);
}

/** The path in `sqlite:PATH`, or in `sqlite://PATH`, as other programs write it. */
function sqlitePath(address: string): string {
  const path = address.replace(/^sqlite:(\/\/)?/i, '');
  if (path === '') throw new Problem('store-unavailable', 'The database address sqlite: names no file.');
  return path;
}
