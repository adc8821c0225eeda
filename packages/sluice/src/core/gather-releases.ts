import { patchSources, sameBuilds } from './app-release.ts';
import type { AppBlob } from './blob.ts';
import type { Release } from './model.ts';
import { type Branch, nestedOutcome, type Outcome } from './outcome.ts';
import { pinText } from './pin.ts';
import { pinKey } from './snapshot.ts';

/** As much of an application release as one client needs: these platforms, by the names of their entries, in one locale. */
export interface ReleasePart {
  readonly platforms: readonly string[];
  readonly locale: string;
}

/** Reads a release, of an application release at least this part; `undefined` where there is none of that name. */
export type ReadRelease = (name: string, part: ReleasePart) => Release | undefined;

/**
 * Reads every release that a decision and its answer may look at when a request takes this branch, so that deciding
 * itself reads nothing. For those who do not keep all releases in memory.
 *
 * @throws whatever `read` throws
 */
export function gatherReleases(outcome: Outcome, branch: Branch, read: ReadRelease): ReadonlyMap<string, Release> {
  const { platform, locale } = outcome.query.request;
  const part: ReleasePart = { platforms: [platform], locale };
  const releases = new Map<string, Release>();
  const take = (name: string, of: ReleasePart): Release | undefined => {
    const release = read(name, of);
    if (release !== undefined) releases.set(name, release);
    return release;
  };
  const takeAll = (names: readonly string[]): readonly Release[] =>
    names.flatMap((name) => (releases.has(name) ? [] : (take(name, part) ?? [])));
  for (const release of takeAll(candidates(outcome, branch.to))) takeAll(namedBy(release, outcome));
  for (const [name, platforms] of sources(releases, part)) take(name, { platforms, locale });
  return releases;
}

/** The same outcome, with these releases only. */
export function withReleases(outcome: Outcome, releases: ReadonlyMap<string, Release>): Outcome {
  return { ...outcome, snapshot: { ...outcome.snapshot, releases } };
}

function candidates({ found, query, pinLine, snapshot }: Outcome, to: Branch['to'] | 'either'): readonly string[] {
  if (found === undefined || found === 'unreadable') return [];
  const { release, fallback } = found.rule;
  if (to !== 'main' && to !== 'fallback' && to !== 'either') return [];
  const drawn = to === 'main' ? [release] : to === 'fallback' ? [fallback] : [release, fallback];
  const pinned = pinLine && snapshot.pins.get(pinKey(query.request.product, query.fallbackChannel, pinText(pinLine)));
  return [...drawn, pinned].filter((name) => name !== undefined);
}

/** What a superblob stands for. */
function namedBy({ blob }: Release, outcome: Outcome): readonly string[] {
  if (blob.schema_version !== 4000) return [];
  if (blob.products === undefined) return blob.blobs ?? [];
  return blob.products.flatMap((product) => candidates(nestedOutcome(outcome, product), 'either'));
}

/** The releases that patches start from, each with the platforms by which a client may have got it. */
function sources(releases: ReadonlyMap<string, Release>, { platforms, locale }: ReleasePart) {
  const found = new Map<string, Set<string>>();
  for (const { blob } of releases.values()) {
    if (blob.schema_version >= 50) continue;
    for (const platform of platforms) {
      const builds = sameBuilds(blob as AppBlob, platform);
      for (const name of patchSources(blob as AppBlob, platform, locale)) {
        const known = found.get(name) ?? new Set();
        for (const build of builds) known.add(build);
        found.set(name, known);
      }
    }
  }
  return [...found].map(([name, names]) => [name, [...names]] as const);
}
