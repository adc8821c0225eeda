import type { WaitingChange } from '../app/changes/propose-objects.ts';

/** What a change that waits still needs, as one line. */
export function waitingText({ change, required }: WaitingChange): string {
  const missing = required
    .map(({ role, count, signedBy }) => ({ role, left: count - signedBy.length }))
    .filter(({ left }) => left > 0)
    .map(({ role, left }) => `${left} sign-off${left === 1 ? '' : 's'} as ${role}`);
  return `change ${change.id} waits for ${missing.join(' and ')}; nothing is altered until then`;
}
