import { ConnectionLost } from './connection-lost.ts';
import { isLost } from './driver-problem.ts';

/** Thrown where the connection was lost while the server was asked to commit: it may have done so. */
export class CommitInDoubt extends ConnectionLost {}

/** Throws on what a `commit` threw, as a doubt where the server's answer is missing. */
export function orInDoubt(error: unknown): never {
  if (isLost(error)) throw new CommitInDoubt(error instanceof Error ? error.message : '', { cause: error });
  throw error;
}
