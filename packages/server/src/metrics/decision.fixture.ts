import { type Blob, compile, type Decision, emptyConfiguration, type Rule, type Throttle } from 'sluice';
import { aRequest, decisionOf, snapshotOf } from '../faces/aus/answer.fixture.ts';

const blob: Blob = {
  name: 'MyApp-2.0',
  schema_version: 9,
  appVersion: '2.0',
  platforms: { 'Linux_x86_64-gcc3': { buildID: '20260101000000', locales: { de: {} } } },
};

const request = aRequest();
const older: Blob = { ...blob, name: 'MyApp-1.9', appVersion: '1.9' };
const others = [{ name: 'MyApp-1.9', product: 'MyApp', blob: older }];
const nobody = { kind: 'percent', percent: 0 } as const;

/** Decisions that the engine makes of a client's request, one of each outcome. */
export const decisions = {
  main: decisionOf(snapshotOf(blob), request),
  fallback: decisionOf(
    snapshotOf(blob, {
      others,
      rules: [{ priority: 200, release: 'MyApp-2.0', fallback: 'MyApp-1.9', share: nobody }],
    }),
    request,
  ),
  outsideShare: decisionOf(
    snapshotOf(blob, { rules: [{ priority: 200, release: 'MyApp-2.0', share: nobody }] }),
    request,
  ),
  notNewer: decisionOf(snapshotOf(blob), aRequest({ version: '2.0', buildId: '20270101000000' })),
  noRule: decisionOf(snapshotOf(blob), aRequest({ product: 'Elsewhere' })),
  invalid: decisionOf(snapshotOf(blob), aRequest({ pin: 'x' })),
} as const satisfies Readonly<Record<string, Decision>>;

/** What the rules and throttles of a snapshot say of products and channels. */
export function snapshotNaming(
  rules: readonly Pick<Rule, 'product' | 'channel'>[],
  throttles: readonly string[] = [],
  excepted: readonly string[] = [],
) {
  return compile({
    ...emptyConfiguration,
    rules: rules.map((rule, index) => ({
      version: 1,
      value: { id: index + 1, priority: 100, share: nobody, updateType: 'minor', salt: '0123456789abcdef', ...rule },
    })),
    throttles: throttles.map((product) => ({
      version: 1,
      value: { product, version: '1.0', percent: 0, salt: '0123456789abcdef' } satisfies Throttle,
    })),
    throttleExceptions: excepted.length === 0 ? [] : [{ version: 1, value: { version: '1.0', channels: excepted } }],
  });
}
