import { coversChannel } from './channel.ts';
import { meetsVersion, type VersionCriterion, versionCriterion } from './criteria.ts';
import type { Configuration, EmergencyStop } from './model.ts';
import type { Query } from './query.ts';

export interface CompiledStop {
  readonly name: string;
  readonly stop: EmergencyStop;
  readonly versions: VersionCriterion | undefined;
  readonly locales: readonly string[] | undefined;
}

/** Stops by product. */
export type EmergencyStops = ReadonlyMap<string, readonly CompiledStop[]>;

export function compileStops(stops: Configuration['emergencyStops']): EmergencyStops {
  const byProduct = new Map<string, CompiledStop[]>();
  for (const { name, value: stop } of stops) {
    const versions = stop.version === undefined ? undefined : versionCriterion(stop.version, stop.product);
    const list = byProduct.get(stop.product) ?? [];
    list.push({ name, stop, versions, locales: stop.locale?.split(',') });
    byProduct.set(stop.product, list);
  }
  return byProduct;
}

/** The stop that holds a request, forced or not, if any. A stop of a channel holds the partner channels that follow it. */
export function stopFor(stops: EmergencyStops, query: Query): CompiledStop | undefined {
  return stops.get(query.request.product)?.find((compiled) => holds(compiled, query));
}

function holds({ stop, versions, locales }: CompiledStop, query: Query): boolean {
  const { request } = query;
  if (stop.channel !== undefined) {
    const covered = coversChannel(stop.channel, request.channel) || coversChannel(stop.channel, query.fallbackChannel);
    if (!covered) return false;
  }
  if (stop.platform !== undefined && stop.platform !== request.platform) return false;
  if (locales !== undefined && !locales.includes(request.locale)) return false;
  if (versions === undefined || stop.version === request.version) return true;
  // A version that nobody can read is held too: in an emergency, what is unclear gets nothing.
  return query.version === undefined || meetsVersion(versions, query.version, request.version);
}
