import { type Condition, leavesOf } from 'sluice';

/** Whether a condition waits for nothing but people: such a change is enacted with its last sign-off. */
export function isImmediate(condition: Condition): boolean {
  return leavesOf(condition).every((leaf) => 'now' in leaf || 'approval' in leaf);
}
