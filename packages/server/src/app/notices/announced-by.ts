import { type Condition, leavesOf } from 'sluice';

/**
 * How a change is announced by its condition. `clock`: what it waits for is told by clocks and people alone, so that its notices
 * are written with it. `watch`: it waits for signals or other changes, so that they are written when an agent asks.
 * `nothing`: it waits for nothing but people, and is enacted at once.
 */
export function announcedBy(condition: Condition): 'nothing' | 'clock' | 'watch' {
  const leaves = leavesOf(condition);
  if (leaves.some((leaf) => 'signal' in leaf || 'change' in leaf)) return 'watch';
  return leaves.every((leaf) => 'now' in leaf || 'approval' in leaf) ? 'nothing' : 'clock';
}

/** Whether a condition compares a signal, so that nobody can know when it will be true. */
export function hasSignals(condition: Condition): boolean {
  return leavesOf(condition).some((leaf) => 'signal' in leaf);
}
