import type { KindName } from '../kind.ts';

type Body = Readonly<Record<string, unknown>>;

const salt = 'a1b2c3d4e5f6g7h8';
const blob = { name: 'MyApp-2.0', schema_version: 4 };

/** A body that says everything a kind can, which the kind keeps as it is, and the least that it must say. */
export const documented: Readonly<
  Record<KindName, { readonly whole: Body; readonly least: Body; readonly kept?: Body; readonly named?: string }>
> = {
  rule: {
    whole: {
      alias: 'firefox-esr',
      priority: 100,
      release: 'MyApp-2.0',
      fallback: 'MyApp-1.9',
      share: { kind: 'percent', percent: 0.00001 },
      updateType: 'major',
      salt,
      product: 'MyApp',
      version: '<2.0,115.*',
      channel: 'release*',
      platform: 'Linux_x86_64-gcc3',
      buildId: '<20260101000000',
      locale: 'de,fr',
      osVersion: 'Windows_NT 6.1 && x64,Darwin',
      memory: '>=8192',
      instructionSet: 'SSE2,SSE3',
      jaws: false,
      mig64: true,
      distribution: 'default,acme',
      distributionVersion: '1.0',
      architecture: 'Intel',
      comment: 'two\nlines',
    },
    least: { priority: 0 },
    kept: { priority: 0, share: { kind: 'percent', percent: 100 }, updateType: 'minor' },
  },
  release: { whole: { product: 'MyApp', blob }, least: { product: 'MyApp', blob } },
  throttle: {
    whole: { product: 'MyApp', version: '1.0.5', percent: 12.5, salt },
    least: { product: 'MyApp', version: '1.0.5', percent: 0 },
    named: 'MyApp/1.0.5',
  },
  'throttle-exception': {
    whole: { version: '1.0.5', channels: ['betatest', 'releasetest'] },
    least: { version: '1.0.5', channels: [] },
    named: '1.0.5',
  },
  'global-throttle': { whole: { on: true, percent: 100, salt }, least: { on: false, percent: 0 }, named: 'global' },
  'emergency-stop': {
    whole: {
      product: 'MyApp',
      channel: 'beta',
      platform: 'Linux',
      version: '<2.0',
      locale: 'de,fr',
      comment: 'it\nburns',
    },
    least: { product: 'MyApp' },
    named: 'MyApp/*',
  },
  pin: {
    whole: { product: 'MyApp', channel: 'release', version: '115.3.', release: 'MyApp-115' },
    least: { product: 'MyApp', channel: 'release', version: '0115.', release: 'MyApp-115' },
    kept: { product: 'MyApp', channel: 'release', version: '115.', release: 'MyApp-115' },
    named: 'MyApp/release/115.',
  },
  'file-host': {
    whole: {
      host: 'download.example.org:8443',
      products: ['MyApp'],
      paths: [{ pattern: '/pub/.*', products: ['Other'] }],
    },
    least: { host: 'download.example.org' },
    named: 'download.example.org',
  },
  settings: {
    whole: { forceUrlPrefixes: ['https://download.example.org/'], signedProducts: ['MyApp'] },
    least: {},
    kept: { forceUrlPrefixes: [], signedProducts: [] },
    named: 'updates',
  },
  policy: {
    whole: {
      product: 'MyApp*',
      channel: 'release*',
      role: 'release-manager',
      signOffs: 2,
      ownSignOff: true,
      kinds: ['rule', 'pin'],
      comment: 'two\nlines',
    },
    least: { role: 'qa', signOffs: 1 },
    kept: { role: 'qa', signOffs: 1, ownSignOff: false },
  },
  user: {
    whole: { roles: ['admin', 'qa'], disabled: true, comment: 'c' },
    least: {},
    kept: { roles: [], disabled: false },
  },
  'service-account': {
    whole: { roles: ['agent'], disabled: true, comment: 'c' },
    least: {},
    kept: { roles: [], disabled: false },
  },
  grant: {
    whole: {
      role: 'qa',
      actions: ['read', 'update'],
      kinds: ['rule'],
      products: ['MyApp*', '*'],
      channels: ['beta'],
      comment: 'c',
    },
    least: { user: 'ada@example.org', actions: ['read'] },
  },
  population: {
    whole: { product: 'MyApp', checkInterval: 'P1DT12H', comment: 'two\nlines' },
    least: { product: 'MyApp', checkInterval: 'PT1S' },
    named: 'MyApp',
  },
  'client-key': {
    whole: { product: 'MyApp', channels: ['release', 'beta'], perMinute: 1, comment: 'two\nlines' },
    least: { product: 'MyApp' },
    kept: { product: 'MyApp', perMinute: 100_000 },
  },
  signal: {
    whole: {
      source: 'http-json',
      product: 'MyApp',
      channel: 'release',
      url: 'https://stats.example.org/crashes?day=1',
      access: { as: 'header', header: 'X-Api-Key', secret: 'stats' },
      every: 'PT5M',
      timeout: 'PT2.5S',
      method: 'POST',
      body: { channel: ['release', null] },
      value: '/data/0/a~1b',
      asOf: '/data/0/time',
      comment: 'two\nlines',
    },
    least: { source: 'prometheus', url: 'http://prometheus.internal:9090', query: 'up ==\n1' },
    kept: {
      source: 'prometheus',
      url: 'http://prometheus.internal:9090',
      query: 'up ==\n1',
      every: 'PT1M',
      timeout: 'PT10S',
    },
  },
  'regression-line': {
    whole: { line: '/update/3/MyApp/1.0?force=1', userAgent: 'MyApp/1.0', release: 'MyApp-2.0', comment: 'c' },
    least: { line: '/', nothing: true },
  },
  notifier: {
    whole: {
      transport: 'email',
      product: 'MyApp',
      channel: 'release',
      to: ['releases@example.org'],
      leads: ['PT1H'],
      vetoWindow: 'PT5M',
      groupWait: 'PT0S',
      repeat: 'PT1M',
      comment: 'two\nlines',
    },
    least: { transport: 'none' },
  },
  freeze: {
    whole: {
      product: 'MyApp',
      channel: 'release',
      from: '2026-12-24T00:00:00Z',
      to: '2026-12-27T00:00:00+01:00',
      reason: 'holidays',
    },
    least: { from: '2026-12-24T00:00:00Z', to: '2026-12-27T00:00:00Z', reason: 'holidays' },
  },
};
