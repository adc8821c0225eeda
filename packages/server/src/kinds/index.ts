import type { Kind, KindName } from '../kind.ts';
import { clientKey } from './client-key.ts';
import { emergencyStop } from './emergency-stop.ts';
import { fileHost } from './file-host.ts';
import { freeze } from './freeze.ts';
import { globalThrottle } from './global-throttle.ts';
import { grant } from './grant.ts';
import { notifier } from './notifier.ts';
import { pin } from './pin.ts';
import { policy } from './policy.ts';
import { population } from './population.ts';
import { regressionLine } from './regression-line.ts';
import { release } from './release.ts';
import { rule } from './rule.ts';
import { serviceAccount } from './service-account.ts';
import { settings } from './settings.ts';
import { signal } from './signal.ts';
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
  population,
  clientKey,
  signal,
  notifier,
  freeze,
] as const;

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind as unknown as Kind]));

/** The kind of a name, or `undefined` for a name that is none. */
export function kindNamed(name: string): Kind | undefined {
  return byName.get(name);
}

export function isKindName(name: string): name is KindName {
  return byName.has(name);
}
