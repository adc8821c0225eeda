import { Client } from 'pg';
import { Problem } from '../../problem.ts';

/**
 * Where the database of an address is, for messages: `sluice at db.example:5432`, with nothing secret in it.
 * @throws Problem `store-unavailable` when the address is not understood.
 */
export function placeIn(address: string): string {
  if (!/^\w+:\/\//.test(address)) refuse('it looks like postgres://USER:PASSWORD@HOST:PORT/DATABASE');
  // A password with a bare / ? or # would be cut there, and its rest be taken for the name of a database.
  if (/^\w+:\/\/[^/?#]*[/?#].*@/.test(address)) refuse('in a password, / ? # and @ are written %2F %3F %23 and %40');
  const { host, port, database } = client(address);
  return `${database ?? 'the default'} at ${host}:${port}`;
}

/** A client that is not connected: the driver's own reading of an address, and of the environment that completes it. */
function client(address: string): Client {
  try {
    return new Client({ connectionString: address });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Without a cause: the driver's error may hold the whole address. */
function refuse(why: string): never {
  throw new Problem('store-unavailable', `The address of the PostgreSQL database is not understood: ${why}.`);
}
