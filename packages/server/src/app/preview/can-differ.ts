import type { Outcome, ReadRelease } from 'sluice';

/**
 * Whether a line may get something else where the edits alter no release, no pin and nothing of how answers are written.
 * What has not changed is the very same in both snapshots, so most lines need not be worked out.
 */
export function canDiffer(before: Outcome, after: Outcome, isSuperblob: (release: string) => boolean): boolean {
  if (before.stop !== after.stop || before.throttle !== after.throttle || before.found !== after.found) return true;
  const { found } = after;
  if (found === undefined || found === 'unreadable') return false;
  const { release, fallback } = found.rule;
  // What a superblob stands for is decided by rules of its own. A pin leads to one in odd worlds only, and costs nothing.
  return after.pinLine !== undefined || [release, fallback].some((name) => name !== undefined && isSuperblob(name));
}

/** Tells superblobs apart, and reads a little of each release once. @throws whatever `read` throws. */
export function superblobs(read: ReadRelease): (release: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const is = read(name, { platforms: [], locale: '' })?.blob.schema_version === 4000;
    known.set(name, is);
    return is;
  };
}
