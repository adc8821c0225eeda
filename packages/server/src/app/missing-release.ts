import type { After, ReviewFinding } from './review.ts';

/** Finds a reference to a release that will not exist. */
export function missingRelease(name: string, path: readonly string[], after: After): readonly ReviewFinding[] {
  if (after.body('release', name) !== undefined) return [];
  return [{ path, message: `there is no release ${name}`, code: 'object-not-found' }];
}
