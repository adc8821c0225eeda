import type { Request } from './model.ts';
import { Query } from './query.ts';

/** A request of MyApp 1.0 on the release channel, in the background, by a protocol without unit ids. */
export function aRequest(differences: Partial<Request> = {}): Request {
  return {
    product: 'MyApp',
    version: '1.0',
    buildId: '20260101000000',
    platform: 'Linux_x86_64-gcc3',
    locale: 'en-US',
    channel: 'release',
    osVersion: 'Linux 6.1 (GTK 3.24)',
    instructionSet: 'SSE3',
    memoryMb: 8192,
    jaws: false,
    mig64: undefined,
    distribution: 'default',
    distributionVersion: 'default',
    architecture: 'Intel',
    pin: undefined,
    forced: 'no',
    unit: { kind: 'none' },
    ...differences,
  };
}

export function aQuery(differences: Partial<Request> = {}): Query {
  return new Query(aRequest(differences));
}
