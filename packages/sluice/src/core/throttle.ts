import type { GlobalThrottle, Throttle, ThrottleException, Versioned } from './model.ts';
import { nowServing } from './now-serving.ts';
import type { Query } from './query.ts';

/** A throttle made ready. `name` is what the store calls it: `PRODUCT/VERSION`, or `global`. */
export interface CompiledThrottle {
  readonly name: string;
  readonly percent: number;
  readonly serving: number;
  readonly salt: string;
}

export interface Throttles {
  readonly specific: ReadonlyMap<string, ReadonlyMap<string, CompiledThrottle>>;
  readonly exceptions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly global: CompiledThrottle | undefined;
}

export function compileThrottles(
  throttles: readonly Versioned<Throttle>[],
  exceptions: readonly Versioned<ThrottleException>[],
  global: Versioned<GlobalThrottle> | undefined,
): Throttles {
  const specific = new Map<string, Map<string, CompiledThrottle>>();
  for (const { value } of throttles) {
    const versions = specific.get(value.product) ?? new Map<string, CompiledThrottle>();
    versions.set(value.version, compile(`${value.product}/${value.version}`, value));
    specific.set(value.product, versions);
  }
  return {
    specific,
    exceptions: new Map(exceptions.map(({ value }) => [value.version, new Set(value.channels)])),
    global: global?.value.on === true ? compile('global', global.value) : undefined,
  };
}

function compile(
  name: string,
  { percent, salt }: { readonly percent: number; readonly salt: string },
): CompiledThrottle {
  return { name, percent, serving: nowServing(percent), salt };
}

/**
 * The throttle that a request meets, if any. The specific one decides where it applies; in a channel that is excepted
 * for the request's version it does not apply, and there, as where there is none, the global one does.
 * A partner's channel is excepted with the channel that it follows.
 */
export function throttleFor(throttles: Throttles, { request, fallbackChannel }: Query): CompiledThrottle | undefined {
  const specific = throttles.specific.get(request.product)?.get(request.version);
  if (specific === undefined) return throttles.global;
  const excepted = throttles.exceptions.get(request.version);
  if (excepted === undefined) return specific;
  return excepted.has(request.channel) || excepted.has(fallbackChannel) ? throttles.global : specific;
}
