import { DatabaseError } from 'pg';
import { Problem } from '../../problem.ts';
import { Damage } from '../sql/damage.ts';
import { ConnectionLost } from './connection-lost.ts';

// SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html), some by their class.
/** The server closes the connection with these words. */
const parting = /^(08|57P0|25P0[34])/;
/** Too many connections, a server that is still a standby, a transaction that met another one. */
const passing = /^(53300|25006|40)/;
const busy = /^(55P03|57014|40)/;
/** Broken pages and indexes, and tables or columns that are missing. */
const damaged = /^(XX00[12]|42P01|42703)/;
/** No right, no such database, no space, no writing, no disk. */
const unavailable = /^(28|3D|42501|53|25006|58)/;
const tooLong = '54000';

/** True when the connection is gone, and what became of the last statement with it. */
export function isLost(error: unknown): boolean {
  return error instanceof ConnectionLost || parting.test(sqlState(error));
}

/** True when the same may well succeed in a moment. */
export function isPassing(error: unknown): boolean {
  return isLost(error) || passing.test(sqlState(error));
}

/** Turns what the driver or the server says into a Problem about the database at `place`; leaves bugs as they are. */
export function driverProblem(place: string, error: unknown): unknown {
  const state = sqlState(error);
  const why = error instanceof Error ? error.message : '';
  const options = { cause: error };
  if (error instanceof Damage || damaged.test(state)) {
    const detail = `The PostgreSQL database ${place} is damaged (${why}): restore it from a backup.`;
    return new Problem('store-corrupt', detail, [], options);
  }
  if (busy.test(state)) {
    const detail = `The PostgreSQL database ${place} was held up for too long (${why}): try again.`;
    return new Problem('store-busy', detail, [], options);
  }
  if (isLost(error) || unavailable.test(state)) {
    return new Problem('store-unavailable', `The PostgreSQL database ${place} cannot be used: ${why}.`, [], options);
  }
  // An index entry takes 2704 bytes, as a name of nine hundred characters of three bytes each does.
  if (state === tooLong) return new Problem('usage', `PostgreSQL takes no name so long: ${why}.`, [], options);
  return error;
}

function sqlState(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}
