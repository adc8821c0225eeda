/** How long a version is at most. */
const longest = 75;

/** A version as it is counted: what a client makes up is not to be long, nor to hold what a store or a page cannot. */
export function countedVersion(version: string): string {
  return version.slice(0, longest).replace(/[^\x20-\x7e]/g, '?');
}
