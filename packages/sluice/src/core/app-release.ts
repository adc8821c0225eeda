import type { AppBlob, AppLocale, AppPlatform } from './blob.ts';
import type { Release } from './model.ts';
import { own } from './own.ts';
import { isBeyondPin, type PinLine } from './pin.ts';
import type { Query } from './query.ts';
import type { ServeCheck } from './serve-check.ts';
import { compareVersions, readMozillaVersion } from './version.ts';

/** A platform after following its alias, once: the name under which the build stands. */
export function resolvedPlatform(blob: AppBlob, platform: string): string {
  return own(blob.platforms, platform)?.alias ?? platform;
}

export function platformOf(blob: AppBlob, platform: string): AppPlatform | undefined {
  return own(blob.platforms, resolvedPlatform(blob, platform));
}

export function localeOf(blob: AppBlob, platform: string, locale: string): AppLocale | undefined {
  return own(platformOf(blob, platform)?.locales, locale);
}

/** The build id for a platform and locale: the locale's, else the platform's; `undefined` where neither exists. */
export function buildIdOf(blob: AppBlob, platform: string, locale: string): string | undefined {
  const localeBlock = localeOf(blob, platform, locale);
  if (localeBlock === undefined) return undefined;
  const buildId = localeBlock.buildID ?? platformOf(blob, platform)?.buildID;
  return buildId === undefined ? undefined : String(buildId);
}

/** The platform and those that share its build: an older release may know only one of their names. */
export function sameBuilds(blob: AppBlob, platform: string): readonly string[] {
  const target = resolvedPlatform(blob, platform);
  const others = Object.keys(blob.platforms ?? {}).filter((name) => resolvedPlatform(blob, name) === target);
  return [platform, ...others];
}

/** The names of the releases that the patches for a platform and locale start from. */
export function patchSources(blob: AppBlob, platform: string, locale: string): readonly string[] {
  const { complete, partial, completes = [], partials = [] } = localeOf(blob, platform, locale) ?? {};
  const patches = [complete, partial, ...completes, ...partials];
  return patches.flatMap((patch) => (patch === undefined || patch.from === '*' ? [] : [patch.from]));
}

/** A field that a locale may override. */
export function fieldOf(
  blob: AppBlob,
  platform: string,
  locale: string,
  field: 'appv' | 'extv' | 'appVersion' | 'displayVersion' | 'platformVersion',
): string | undefined {
  return localeOf(blob, platform, locale)?.[field] ?? blob[field];
}

/** The version that clients compare with their own: `extv` in schema 1, `appVersion` since. */
export function applicationVersion(blob: AppBlob, platform: string, locale: string): string | undefined {
  return fieldOf(blob, platform, locale, blob.schema_version === 1 ? 'extv' : 'appVersion');
}

/** Whether an application release serves a request: never an older version, nor the same with the same or an older build. */
export function checkAppRelease(
  { blob }: Release & { blob: AppBlob },
  query: Query,
  pin: PinLine | undefined,
): ServeCheck {
  const { platform, locale, buildId } = query.request;
  const versionText = applicationVersion(blob, platform, locale);
  if (versionText === undefined || versionText === '') return 'no-version';
  const ours = readMozillaVersion(versionText);
  if (ours === undefined) return 'no-version';
  const theirs = readMozillaVersion(query.request.version);
  if (theirs === undefined) return 'invalid-version';
  const difference = compareVersions(theirs, ours);
  if (difference > 0) return 'not-newer';
  const listed = own(blob.platforms, platform) !== undefined;
  if (difference === 0) {
    const ourBuildId = buildIdOf(blob, platform, locale);
    if (ourBuildId === undefined) return listed ? 'unknown-locale' : 'unknown-platform';
    if (buildId >= ourBuildId) return 'not-newer';
  }
  if (!listed) return 'platform-missing';
  if (localeOf(blob, platform, locale) === undefined) return 'unknown-locale';
  return pin !== undefined && isBeyondPin(ours, pin) ? 'beyond-pin' : 'serves';
}
