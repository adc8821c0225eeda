import type { Kind, KindName } from '../kind.ts';
import { emergencyStop } from './emergency-stop.ts';
import { fileHost } from './file-host.ts';
import { globalThrottle } from './global-throttle.ts';
import { grant } from './grant.ts';
import { pin } from './pin.ts';
import { policy } from './policy.ts';
import { regressionLine } from './regression-line.ts';
import { release } from './release.ts';
import { rule } from './rule.ts';
import { serviceAccount } from './service-account.ts';
import { settings } from './settings.ts';
import { throttle } from './throttle.ts';
import { throttleException } from './throttle-exception.ts';
import { user } from './user.ts';

/** Every kind of object. A new kind is one new file and one line here. */
export const kinds = [
  release,
  rule,
  pin,
  throttle,
  throttleException,
  globalThrottle,
  emergencyStop,
  fileHost,
  settings,
  policy,
  user,
  serviceAccount,
  grant,
  regressionLine,
] as const;

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind as unknown as Kind]));

/** The kind of a name, or `undefined` for a name that is none. */
export function kindNamed(name: string): Kind | undefined {
  return byName.get(name);
}

export function isKindName(name: string): name is KindName {
  return byName.has(name);
}
