import type { IncomingMessage } from 'node:http';
import type { Reply } from '../face.ts';
import { addressGroup } from './address-group.ts';
import type { Limits } from './limits.ts';
import { plain } from './plain.ts';
import { RateLimit } from './rate-limit.ts';

export interface LimitRateOptions {
  readonly limits: Pick<Limits, 'requestsPerSecond' | 'requestBurst'>;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly onLimited: (request: IncomingMessage) => void;
}

/** Where load balancers and alarms ask; whether a server lives must be answered just when it has much to do. */
const heartbeats = '/__';

/** Answers 429 to addresses that ask too often; there is nothing to ask it where no rate is set. */
export function limitRate({
  limits,
  addressOf,
  onLimited,
}: LimitRateOptions): ((request: IncomingMessage) => Reply | undefined) | undefined {
  if (limits.requestsPerSecond === 0) return undefined;
  const rates = new RateLimit({ perSecond: limits.requestsPerSecond, burst: limits.requestBurst });
  return (request) => {
    if (request.url?.startsWith(heartbeats) === true) return undefined;
    const waitMs = rates.take(addressGroup(addressOf(request)), performance.now());
    if (waitMs === 0) return undefined;
    onLimited(request);
    const seconds = String(Math.ceil(waitMs / 1000));
    return plain(429, 'Too Many Requests', ['Cache-Control', 'no-store', 'Retry-After', seconds]);
  };
}
