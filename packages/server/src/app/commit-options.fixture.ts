import type { CommitOptions } from './commit-edits.ts';

let salts = 0;

/** Options of a commit that refuses doubts; every salt that it makes is another one. */
export function commitOptions(more: Partial<CommitOptions> = {}): CommitOptions {
  return {
    atMs: 1_790_000_000_000,
    author: 'ada',
    reason: 'because',
    makeSalt: () => `salt${String(salts++).padStart(12, '0')}`,
    doubts: 'refuse',
    code: 'invalid-object',
    ...more,
  };
}
