import { DatabaseError } from 'pg';

/** Thrown where the server did not answer: nobody knows what became of the statement. */
export class ConnectionLost extends Error {}

/**
 * Makes of what the driver throws a `ConnectionLost`, unless it is the server's own word or a bug.
 * The driver has no class or code for these: some are the socket's, some are its own, with nothing but a sentence.
 */
export function orLost(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof DatabaseError || error instanceof TypeError || error instanceof RangeError) return error;
  return new ConnectionLost(error.message === '' ? sentenceOf(error) : error.message, { cause: error });
}

/** A name with several addresses fails with one error for each and no message of its own. */
function sentenceOf(error: Error): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return errors.map((one) => (one instanceof Error ? one.message : String(one))).join(', ') || error.name;
}
