import { checkAppRelease } from './app-release.ts';
import type { AppBlob, GuardianBlob } from './blob.ts';
import type { Release } from './model.ts';
import { own } from './own.ts';
import type { PinLine } from './pin.ts';
import type { Query } from './query.ts';
import type { ServeCheck } from './serve-check.ts';
import { compareVersions, readLooseVersion } from './version.ts';

/** Asks a release of any schema whether it serves a request. */
export function checkRelease(release: Release, query: Query, pin: PinLine | undefined): ServeCheck {
  const { blob } = release;
  switch (blob.schema_version) {
    // These are always answered: the client decides what to do with them.
    case 50:
    case 1000:
    case 4000:
    case 5000:
      return 'serves';
    case 10_000:
      return checkGuardianRelease(blob, query);
    default:
      return checkAppRelease(release as Release & { blob: AppBlob }, query, pin);
  }
}

function checkGuardianRelease(blob: GuardianBlob, { request }: Query): ServeCheck {
  if (own(blob.platforms, request.platform) === undefined) return 'platform-missing';
  const difference = compareVersions(readLooseVersion(request.version), readLooseVersion(blob.version));
  return difference >= 0 ? 'not-newer' : 'serves';
}
